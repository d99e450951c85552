/**
 * Whom findings are about outside: what is worth knowing more of.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Finding } from '../report/report.ts'
import { plainAddress } from '../addresses/address.ts'
import { plainName } from './public.ts'

/** An address or a name. */
export interface Subject {
  readonly kind: 'address' | 'name'
  /** As the finding writes it. */
  readonly about: string
  /** In the one form it is looked up by. */
  readonly value: string
  /** Whether it was reached, rather than that it came. */
  readonly destination: boolean
  /** The port it was reached at, where the finding says so. */
  readonly port?: number
}

const destinations: ReadonlySet<string> = new Set([
  'destination_ip',
  'destination_address',
  'destination_domain',
  'destination_registered_domain',
  'url_domain',
  'dns_question_name',
  'dns_question_registered_domain',
])
const sources: ReadonlySet<string> = new Set(['source_ip', 'source_domain'])

/** So many of what came along with a finding are looked at: a scan is related to thousands. */
const mostRelated = 3

const subjectOf = ({ kind, value }: { readonly kind: string; readonly value: string }): Subject[] => {
  if (!destinations.has(kind) && !sources.has(kind)) return []
  const destination = destinations.has(kind)
  // An address with a zone (`fe80::1%eth0`) means something to one machine only.
  if (value.includes('%')) return []
  if (isIP(value) !== 0) return [{ kind: 'address', about: value, value: plainAddress(value), destination }]
  const name = plainName(value)
  return name === null || !name.includes('.')
    ? []
    : [{ kind: 'name', about: value, value: name, destination }]
}

/**
 * The outside ends of a finding, destinations first. What is merely related counts where the finding is about a destination,
 * or about nobody outside: the site that a stranger attacks is no riddle.
 *
 * @param isOutside whether a subject is public
 */
export const subjectsOf = (
  finding: Pick<Finding, 'entity' | 'related'>,
  isOutside: (subject: Subject) => boolean,
): readonly Subject[] => {
  const parts = finding.entity.parts ?? [finding.entity]
  const port = Number(parts.find(({ kind }) => kind === 'destination_port')?.value ?? 0)
  const own = parts.flatMap(subjectOf).filter(isOutside)
  const withRelated = own.length === 0 || own.some(({ destination }) => destination)
  // Of a question, the server is only who was asked.
  const isQuestion = [...parts, ...finding.related].some(({ kind }) => kind.startsWith('dns_'))
  const related = withRelated
    ? finding.related
        .filter(({ kind }) => !isQuestion || !kind.startsWith('destination_'))
        .flatMap(subjectOf)
        .filter((subject) => subject.destination && isOutside(subject))
        .slice(0, mostRelated)
    : []
  const byValue = new Map<string, Subject>()
  for (const subject of [...own, ...related]) {
    if (!byValue.has(subject.value)) byValue.set(subject.value, subject)
  }
  return [...byValue.values()]
    .map((subject) => (subject.destination && port > 0 ? { ...subject, port } : subject))
    .toSorted((a, b) => Number(b.destination) - Number(a.destination))
}
