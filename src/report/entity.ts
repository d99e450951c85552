/**
 * What the acting things are called.
 *
 * @module
 */

import type { EntityRef, Finding } from './report.ts'

interface Noun {
  readonly one: string
  readonly many: string
}

const entities: Noun = { one: 'entity', many: 'entities' }
const pairs: Noun = { one: 'pair', many: 'pairs' }
const domains: Noun = { one: 'domain', many: 'domains' }
const nouns: ReadonlyMap<string, Noun> = new Map([
  ['source_ip', { one: 'address', many: 'addresses' }],
  ['destination_ip', { one: 'destination', many: 'destinations' }],
  ['destination_domain', domains],
  ['dns_question_name', domains],
  ['user_name', { one: 'account', many: 'accounts' }],
  ['host_name', { one: 'host', many: 'hosts' }],
])

/** A kind in words a reader knows: `source_ip` is `source ip`. */
export function kindInWords(kind: string): string {
  return kind.replaceAll('_', ' ')
}

/** How many different entities the findings are about, and what they are together: 3 `addresses`, 5 `entities` where kinds differ. */
export function countEntities(findings: readonly Finding[]): {
  readonly count: number
  readonly name: string
} {
  const distinct = new Map(
    findings.map(({ entity }) => [JSON.stringify([entity.kind, entity.value]), entity]),
  )
  const names = new Set(Array.from(distinct.values(), nounOf))
  const [first = entities] = names
  const noun = names.size === 1 ? first : entities
  return { count: distinct.size, name: distinct.size === 1 ? noun.one : noun.many }
}

function nounOf(entity: EntityRef): Noun {
  return (entity.parts?.length ?? 0) > 1 ? pairs : (nouns.get(entity.kind) ?? entities)
}
