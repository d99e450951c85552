/**
 * One hostile thing at a time in the office: what it does, and who and what a finding should name.
 *
 * @module
 */
import { below, type Random } from './draw.ts'
import { dayMs, hourMs, officeStartMs, streamOf } from './office-times.ts'
import { intranet } from './office-people.ts'
import { ownPrefix, type Wire } from './office-wire.ts'

/** The logs of the office in which an attack shows. */
export type OfficeView = 'zeek' | 'proxy' | 'queries'

export interface OfficeAttack {
  readonly what: string
  /** Who does it; a machine that is as innocent as the others otherwise. */
  readonly attacker: string
  /** Whom it talks to, or what it asks for: a name, or an address. */
  readonly target: string
  readonly views: readonly OfficeView[]
  readonly act: (wire: Wire) => void
}

export interface AttackPlan {
  readonly attacker: string
  /** When it begins. */
  readonly startMs: number
  /** When the logs end. */
  readonly endMs: number
}

/** As long as was meant, or to the end of the logs. */
const hoursFrom = (plan: AttackPlan, hours: number): number =>
  Math.min(hours, Math.floor((plan.endMs - plan.startMs) / hourMs))

const beacon = (plan: AttackPlan, sleepS: number, jitter: number, hours: number): OfficeAttack => {
  const target = `www.metric-relay${sleepS}.test`
  return {
    what: `beacon, every ${sleepS} s ± ${jitter * 100}%, ${hoursFrom(plan, hours)} h`,
    attacker: plan.attacker,
    target,
    views: ['zeek', 'proxy'],
    act: (wire) => {
      const { random } = wire
      const endMs = Math.min(plan.endMs, plan.startMs + hours * hourMs)
      const host = wire.world.host(target)
      for (let atMs = plan.startMs; atMs < endMs;) {
        // One check-in in fifty fails and one in forty brings work.
        if (random() > 0.02) {
          const bytesIn = random() < 0.025 ? 30_000 + below(random, 90_000) : 480 + below(random, 40)
          wire.exchange({
            atMs,
            client: plan.attacker,
            host,
            seconds: 0.3 + 0.2 * random(),
            bytesOut: 720,
            bytesIn,
          })
        }
        atMs += sleepS * 1000 * (1 + jitter * (2 * random() - 1))
      }
    },
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

const label = (random: Random, length: number): string => {
  let text = ''
  while (text.length < length) text += letters[below(random, 32)]
  return text
}

/** As iodine does: many queries, of types that carry much. */
const fastTunnel = (plan: AttackPlan): OfficeAttack => ({
  what: 'DNS tunnel, NULL and TXT, 3 queries/s for 15 min',
  attacker: plan.attacker,
  target: 'tn.quay-lantern.test',
  views: ['zeek', 'queries'],
  act: ({ random, ask }) => {
    for (let i = 0; i < 2700; i++) {
      const type = i % 20 === 0 ? 'TXT' : 'NULL'
      const name = `0${label(random, 57)}.${label(random, 40 + below(random, 18))}.tn.quay-lantern.test`
      const atMs = plan.startMs + i * 333 + 50 * random()
      ask({ atMs, client: plan.attacker, name, type, answers: ['\\x00\\x00'], ttlS: 1 })
    }
  },
})

/** Five bits a letter: so many seconds between queries make so many bytes a second. */
const slowTunnel = (
  plan: AttackPlan,
  bytesPerSecond: number,
  everyS: number,
  hours: number,
): OfficeAttack => {
  const target = `u${Math.round(bytesPerSecond * 10)}.sable-orchard.test`
  return {
    what: `DNS tunnel, ${bytesPerSecond} B/s in A queries, ${hoursFrom(plan, hours)} h`,
    attacker: plan.attacker,
    target,
    views: ['zeek', 'queries'],
    act: ({ random, ask }) => {
      const endMs = Math.min(plan.endMs, plan.startMs + hours * hourMs)
      const length = Math.max(4, Math.round((bytesPerSecond * everyS * 8) / 5))
      for (let atMs = plan.startMs; atMs < endMs; atMs += everyS * 1000 * (0.6 + 0.8 * random()))
        ask({
          atMs,
          client: plan.attacker,
          name: `${label(random, length)}.${target}`,
          answers: ['203.0.113.66'],
          ttlS: 1,
        })
    },
  }
}

/** A program tries names of the day until one is registered. */
const generatedNames = (plan: AttackPlan): OfficeAttack => ({
  what: 'generated domains, 60 in 5 min, 1 exists',
  attacker: plan.attacker,
  target: 'the names',
  views: ['zeek', 'queries'],
  act: ({ random, ask }) => {
    for (let i = 0; i < 60; i++) {
      let name = ''
      for (let left = 11 + below(random, 7); left > 0; left--)
        name += String.fromCharCode(97 + below(random, 26))
      const told = {
        atMs: plan.startMs + i * 5000 + 900 * random(),
        client: plan.attacker,
        name: `${name}.example`,
      }
      ask(i === 51 ? { ...told, answers: ['203.0.113.67'] } : told)
    }
  },
})

const upload = (plan: AttackPlan): OfficeAttack => ({
  what: 'upload of 6 GB in 40 min',
  attacker: plan.attacker,
  target: 'in.parcel-cellar.invalid',
  views: ['zeek'],
  act: (wire) => {
    const host = wire.world.host('in.parcel-cellar.invalid')
    for (let i = 0; i < 24; i++) {
      const told = { atMs: plan.startMs + i * 100_000, client: plan.attacker, host, seconds: 95 }
      wire.exchange({ ...told, bytesOut: 250_000_000, bytesIn: 60_000 })
    }
  },
})

const sweep = (plan: AttackPlan): OfficeAttack => ({
  what: 'horizontal scan, port 445 of 253 addresses, 5/s',
  attacker: plan.attacker,
  target: 'port 445',
  views: ['zeek'],
  act: ({ random, flow }) => {
    for (let last = 1; last < 254; last++) {
      const state = random() < 0.1 ? 'REJ' : 'S0'
      const told = {
        atMs: plan.startMs + last * 200,
        client: plan.attacker,
        server: `${ownPrefix}${last}`,
        port: 445,
      }
      flow({ ...told, seconds: 0.001, bytesOut: 0, bytesIn: 0, state })
    }
  },
})

const probe = (plan: AttackPlan): OfficeAttack => ({
  what: 'vertical scan, 1,000 ports of one server, 20/s',
  attacker: plan.attacker,
  target: intranet,
  views: ['zeek'],
  act: ({ flow }) => {
    for (let port = 1; port <= 1000; port++) {
      const told = { atMs: plan.startMs + port * 50, client: plan.attacker, server: intranet, port }
      flow({ ...told, seconds: 0.0004, bytesOut: 0, bytesIn: 0, state: 'REJ' })
    }
  },
})

/** A server answers where it never did, to several machines. */
const newService = (plan: AttackPlan): OfficeAttack => ({
  what: 'new service: port 4444 of the intranet server, 6 clients',
  attacker: intranet,
  target: 'port 4444',
  views: ['zeek'],
  act: ({ random, flow }) => {
    for (let i = 0; i < 30; i++) {
      const told = { client: `${ownPrefix}${30 + (i % 6)}`, server: intranet, port: 4444 }
      const atMs = plan.startMs + i * 240_000 + 60_000 * random()
      flow({ ...told, atMs, seconds: 20, bytesOut: 3000, bytesIn: 20_000 })
    }
  },
})

const longConnection = (plan: AttackPlan): OfficeAttack => {
  const target = '198.19.77.41'
  const hours = hoursFrom(plan, 18)
  return {
    what: `one connection of ${hours} h to a rare address`,
    attacker: plan.attacker,
    target,
    views: ['zeek', 'proxy'],
    act: (wire) => {
      const host = { name: target, addresses: [target], v6: null, ttlS: 60, alias: null } as const
      const told = { atMs: plan.startMs, client: plan.attacker, host, bare: true, seconds: hours * 3600 }
      wire.exchange({ ...told, bytesOut: 2_400_000, bytesIn: 1_900_000 })
    },
  }
}

/**
 * The attacks, each by a machine of its own, on a working day in the middle of the logs.
 *
 * @param attackers addresses of ordinary machines; taken in turn
 */
export const officeAttacks = (
  seed: number,
  days: number,
  attackers: readonly string[],
): readonly OfficeAttack[] => {
  const random = streamOf(seed, 6)
  const first = below(random, Math.max(1, attackers.length))
  const day = Math.min(2, Math.floor((days - 1) / 2))
  const makers: readonly ((plan: AttackPlan) => OfficeAttack)[] = [
    (plan) => beacon(plan, 60, 0, 8),
    (plan) => beacon(plan, 300, 0.3, 24),
    (plan) => beacon(plan, 900, 0.5, 24),
    (plan) => beacon(plan, 3600, 0.8, 60),
    fastTunnel,
    (plan) => slowTunnel(plan, 2, 15, 6),
    (plan) => slowTunnel(plan, 0.2, 75, 12),
    generatedNames,
    upload,
    sweep,
    probe,
    newService,
    longConnection,
  ]
  return makers.map((make, i) =>
    make({
      attacker: attackers[(first + i * 7) % attackers.length] ?? `${ownPrefix}20`,
      startMs: officeStartMs + day * dayMs + (9.5 + 4 * random()) * hourMs,
      endMs: officeStartMs + days * dayMs,
    }),
  )
}
