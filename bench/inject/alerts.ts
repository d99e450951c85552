/**
 * What an attack looks like in another tool's alerts: rules that never fired, on one machine, among those that always do.
 *
 * @module
 */
import { eveLine, signatures, type Signature } from '../generate/alerts/suricata.ts'
import { below, pick } from '../generate/draw.ts'
import { strangerAddress } from '../generate/week/places.ts'
import { doubling, injectedLines, momentsIn, type AttackKind } from './attack-kind.ts'

const minuteMs = 60_000

const rare: readonly [Signature, ...Signature[]] = [
  {
    id: 9_700_001,
    name: 'EXAMPLE EXPLOIT command in a header',
    category: 'Attempted Administrator Privilege Gain',
    severity: 1,
    port: 80,
  },
  {
    id: 9_700_002,
    name: 'EXAMPLE TROJAN check-in of a remote control',
    category: 'A Network Trojan was detected',
    severity: 1,
    port: 443,
  },
  {
    id: 9_700_003,
    name: 'EXAMPLE ATTACK_RESPONSE id of a user came back',
    category: 'Successful Administrator Privilege Gain',
    severity: 1,
    port: 80,
  },
]

export const alertAttacks: readonly AttackKind[] = [
  {
    id: 'alert-new-rules',
    title: 'Rules that never fired, on one machine, within 30 min',
    medium: 'alerts',
    dose: { unit: 'alerts', values: doubling(1, 6) },
    inject: (dose, { random, scene, startMs, number }) => {
      const machine = scene.machines[number % Math.max(1, scene.machines.length)] ?? '192.0.2.20'
      // Each placement has rules of its own: a rule that fires a second time is not new any more.
      const rules = rare.map((rule) => ({
        ...rule,
        id: rule.id + number * 10,
        name: `${rule.name} (${number})`,
      }))
      const [first = rare[0], ...others] = rules
      const lines = momentsIn(random, startMs, 30 * minuteMs, dose).map((atMs) => ({
        timeMs: atMs,
        text: eveLine(
          {
            atMs,
            source: strangerAddress(number),
            destination: machine,
            signature: pick(random, [first, ...others]),
          },
          random,
        ),
      }))
      return injectedLines([machine, strangerAddress(number)], startMs, lines)
    },
  },
  {
    id: 'alert-storm',
    title: 'A common rule, on a machine that rarely has it, within an hour',
    medium: 'alerts',
    dose: { unit: 'alerts', values: doubling(32, 6) },
    inject: (dose, { random, scene, startMs, number }) => {
      const machine = scene.machines[number % Math.max(1, scene.machines.length)] ?? '192.0.2.20'
      const signature = signatures[5 + below(random, 20)] ?? rare[0]
      const lines = momentsIn(random, startMs, 60 * minuteMs, dose).map((atMs) => ({
        timeMs: atMs,
        text: eveLine({ atMs, source: machine, destination: strangerAddress(number), signature }, random),
      }))
      return injectedLines([machine], startMs, lines)
    },
  },
]
