/**
 * Whom a finding is about: who acts, on whom, and who is merely mentioned; by names that two findings can share.
 *
 * @module
 */
import type { Finding } from '../report/report.ts'

/** What the logs say of the machines and people in the findings, beside the findings themselves. */
export interface Surroundings {
  /** Other names of the same machine → the one to use. */
  readonly aliases: ReadonlyMap<string, string>
  /** How many different clients deal with a machine, in all of the logs. */
  readonly clients: ReadonlyMap<string, number>
  /** Machines that speak for others: proxies, name servers. What they do, others may have asked for. */
  readonly intermediaries: ReadonlySet<string>
  /** Machines of the own networks. */
  readonly own: ReadonlySet<string>
  /** How much more (2) or less (0.5) an entity matters than the others. */
  readonly assets: ReadonlyMap<string, number>
  /** Detectors whose findings about the same actor are different stories where they lie further apart than so many ms. */
  readonly apart?: ReadonlyMap<string, number>
}

/** What the user and the detectors say beforehand; all else of the surroundings is learned from logs. */
export type Premises = Pick<Surroundings, 'assets' | 'apart'>

export const noSurroundings: Surroundings = {
  aliases: new Map(),
  clients: new Map(),
  intermediaries: new Set(),
  own: new Set(),
  assets: new Map(),
}

export type Role = 'actor' | 'target' | 'detail'

export interface Named {
  readonly kind: string
  readonly value: string
}

const actingMachines: readonly string[] = ['source_ip', 'source_domain']
const hosts: readonly string[] = ['host_name', 'host_ip']
const users: readonly string[] = ['user_name', 'user_target_name']
const reached: readonly string[] = [
  'destination_ip',
  'destination_domain',
  'destination_address',
  'destination_registered_domain',
  'url_domain',
  'dns_question_name',
  'dns_question_registered_domain',
]

/** Machines are one by their address or their name; ports, paths, programs are nobody. */
const isMachine = (kind: string): boolean => [actingMachines, hosts, reached].some((of) => of.includes(kind))

/** The name of a machine or a user that is the same wherever it turns up; other parts are told apart by their kind. */
export const keyOf = ({ kind, value }: Named, { aliases }: Surroundings): string => {
  const plain = value.toLowerCase()
  if (isMachine(kind)) return `machine ${aliases.get(plain) ?? plain}`
  return users.includes(kind) ? `user ${plain}` : `${kind} ${value}`
}

/** The machine a key stands for, as {@link Surroundings} name it. */
export const machineOf = (key: string): string => (key.startsWith('machine ') ? key.slice(8) : '')

export const partsOf = ({ entity }: Finding): readonly Named[] => entity.parts ?? [entity]

/** The role of each part of a finding's entity. Who began acts; where nobody did, it is the machine, and else the first part. */
export const rolesOf = (finding: Finding): readonly Role[] => {
  const parts = partsOf(finding)
  const firstOf = (...of: readonly (readonly string[])[]): ((kind: string) => boolean) | undefined => {
    const among = (kind: string): boolean => of.some((kinds) => kinds.includes(kind))
    return parts.some(({ kind }) => among(kind)) ? among : undefined
  }
  const acts = firstOf(actingMachines, users) ?? firstOf(hosts) ?? firstOf(reached)
  return parts.map(({ kind }, i) => {
    if (acts === undefined) return i === 0 ? 'actor' : 'detail'
    if (acts(kind)) return 'actor'
    return isMachine(kind) ? 'target' : 'detail'
  })
}

export interface Identity {
  readonly acting: ReadonlySet<string>
  readonly targets: ReadonlySet<string>
  readonly mentions: ReadonlySet<string>
  /** Those of the mentioned who began something: what is told of a server mentions its clients. */
  readonly callers: ReadonlySet<string>
}

/** With more addresses behind a name, each of them is a network's, not the name's. */
const mostAddresses = 2

/** Who mentions more of a kind means none of them in particular. */
const mostMentioned = 3

export const identityOf = (finding: Finding, surroundings: Surroundings): Identity => {
  const parts = partsOf(finding)
  const roles = rolesOf(finding)
  const keys = (role: Role): string[] =>
    parts.filter((_, i) => roles[i] === role).map((part) => keyOf(part, surroundings))
  const addresses = finding.related.filter(({ kind }) => kind === 'destination_ip')
  const targets = keys('target')
  const mentioned = (is: (kind: string) => boolean): ReadonlySet<string> =>
    new Set(
      finding.related
        .filter(
          ({ kind }) =>
            is(kind) && finding.related.filter((one) => one.kind === kind).length <= mostMentioned,
        )
        .map((related) => keyOf(related, surroundings)),
    )
  // The same destination is a name in one log and an address in another; who asks for a name turns to a name server.
  const isAsked = parts.some(({ kind }) => kind.startsWith('dns_'))
  const behind = targets.length > 0 && !isAsked && addresses.length <= mostAddresses ? addresses : []
  // Who asks for the same made-up names is infected by the same, or is the same machine under another address.
  const asked = (targets.length > 0 ? [] : finding.details)
    .flatMap((detail) => (detail.kind === 'queries' ? detail.examples : []))
    .map((value) => keyOf({ kind: 'dns_question_name', value }, surroundings))
  return {
    acting: new Set(keys('actor')),
    targets: new Set([...targets, ...behind.map((address) => keyOf(address, surroundings)), ...asked]),
    mentions: new Set([
      ...mentioned((kind) => isMachine(kind) || users.includes(kind)),
      // The detector itself says that they belong to it, however many.
      ...(finding.company ?? []).map((one) => keyOf(one, surroundings)),
    ]),
    callers: mentioned((kind) => actingMachines.includes(kind)),
  }
}
