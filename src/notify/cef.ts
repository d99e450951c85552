/**
 * ArcSight's Common Event Format, version 0: what SIEMs take.
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'
import { inert } from '../report/format.ts'
import { version } from '../version.ts'
import type { Item } from './bulletin.ts'
import { cut } from './notice.ts'

/** How much of each text is told. */
export interface CefLimits {
  readonly text: number
  readonly entities: number
}

/** A header field: backslash and pipe are escaped, and it is one line. */
export const cefHeader = (text: string): string =>
  inert(text).replace(/[\\|]/g, (character) => `\\${character}`)

/** An extension's value: backslash and equals sign are escaped; ends of lines may stay, as `\n`. */
export const cefValue = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => inert(line).replace(/[\\=]/g, (character) => `\\${character}`))
    .join(String.raw`\n`)

/** The fields of an entity, by its kind; the first of each kind. */
const entityFields = ({ incident: { entities } }: Item): readonly (readonly [string, string])[] => {
  const valueOf = (kinds: RegExp, holds: (value: string) => boolean = () => true): string | undefined =>
    entities.find(({ kind, value }) => kinds.test(kind) && holds(value))?.value
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['src', valueOf(/^(?:source|client)_(?:ip|address)$/, isIPv4)],
    ['dst', valueOf(/^destination_(?:ip|address)$/, isIPv4)],
    // `src` and `dst` hold IPv4 alone.
    ['c6a2', valueOf(/^(?:source|client)_(?:ip|address)$/, isIPv6)],
    ['c6a3', valueOf(/^destination_(?:ip|address)$/, isIPv6)],
    ['suser', valueOf(/^user_name$/)],
    ['shost', valueOf(/^(?:host_name|source_host)$/)],
    ['destinationDnsDomain', valueOf(/registered_domain$/)],
  ]
  const labels: Readonly<Record<string, string>> = {
    c6a2: 'Source IPv6 Address',
    c6a3: 'Destination IPv6 Address',
  }
  return fields.flatMap(([name, value]) => {
    if (value === undefined) return []
    const label = labels[name]
    const field = [name, cut(value, 300)] as const
    return label === undefined ? [field] : [field, [`${name}Label`, label] as const]
  })
}

/** An incident as one line, from `CEF:0` on. */
export const cefLine = (item: Item, limits: CefLimits): string => {
  const { incident, change, time, url, lines } = item
  const texts = incident.entities
    .slice(0, limits.entities)
    .map(({ kind, value }) => `${kind} ${cut(value, limits.text)}`)
  const labelled: readonly (readonly [name: string, label: string, value: string])[] = [
    ['cn1', 'Risk', String(incident.risk)],
    ['cn2', 'Incident', String(incident.number)],
    ['cs1', 'Severity', incident.severity],
    ['cs2', 'Tactics', incident.tactics.join(', ')],
    ['cs3', 'Detectors', incident.detectors.slice(0, limits.entities).join(', ')],
    ['cs4', 'Entities', texts.join(', ')],
    ['cs5', 'Link', url ?? ''],
  ]
  const fields: readonly (readonly [string, string])[] = [
    ['rt', String(Date.parse(time))],
    ['start', String(Date.parse(incident.first))],
    ['end', String(Date.parse(incident.last))],
    ['cnt', String(Math.min(incident.events, 2_147_483_647))],
    ['externalId', incident.id],
    ['cat', 'incident'],
    ...entityFields(item),
    ...labelled.flatMap(([name, label, value]) =>
      value === '' ? [] : [[name, value] as const, [`${name}Label`, label] as const],
    ),
    ...(lines.length === 0 ? [] : [['msg', cut(lines.join('\n'), limits.text)] as const]),
  ]
  const header = [
    'CEF:0',
    'Winnow',
    'Winnow',
    version,
    `incident-${change}`,
    cut(incident.title, limits.text),
    // 0 to 10 in whole numbers.
    String(Math.round(Math.max(0, Math.min(100, incident.risk)) / 10)),
  ]
  return `${header.map(cefHeader).join('|')}|${fields.map(([name, value]) => `${name}=${cefValue(value)}`).join(' ')}`
}

export const cefTest = (text: string): string =>
  `${['CEF:0', 'Winnow', 'Winnow', version, 'test', text, '0'].map(cefHeader).join('|')}|cat=test`
