/**
 * What an infected machine of an office does on the network and in names.
 *
 * @module
 */
import { below, type Random } from '../generate/draw.ts'
import { intranet } from '../generate/office-people.ts'
import { ownPrefix, type Wire } from '../generate/office-wire.ts'
import { doubling, type AttackKind, type Injected, type Place } from './attack-kind.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const machineOf = ({ scene, number }: Place): string =>
  scene.machines[number % Math.max(1, scene.machines.length)] ?? `${ownPrefix}20`

const during = (
  place: Place,
  lengthMs: number,
  names: readonly string[],
  act: (wire: Wire) => void,
): Injected => ({
  names,
  fromMs: place.startMs,
  toMs: place.startMs + lengthMs,
  act,
})

/** Calls home: a few hundred bytes each time; one in fifty fails. */
const callHome = (place: Place, hours: number, sleepS: number, jitter: number): Injected => {
  const [client, name] = [machineOf(place), `status.lake-${place.number}-relay.test`]
  return during(place, hours * hourMs, [client, name], (wire) => {
    const { random } = wire
    const host = wire.world.host(name)
    const endMs = place.startMs + hours * hourMs
    for (let atMs = place.startMs; atMs < endMs; atMs += sleepS * 1000 * (1 + jitter * (2 * random() - 1))) {
      if (random() < 0.02) continue
      wire.exchange({
        atMs,
        client,
        host,
        seconds: 0.3 + 0.2 * random(),
        bytesOut: 700,
        bytesIn: random() < 0.03 ? 40_000 : 490,
      })
    }
  })
}

const text = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[below(random, alphabet.length)] ?? 'a').join('')

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'
const letters = 'abcdefghijklmnopqrstuvwxyz'

export const networkAttacks: readonly AttackKind[] = [
  {
    id: 'beacon',
    title: 'A beacon every 5 min ± 20 %',
    medium: 'wire',
    dose: { unit: 'hours', values: doubling(1, 5) },
    inject: (dose, place) => callHome(place, dose, 300, 0.2),
  },
  {
    id: 'beacon-jitter',
    title: 'A beacon every 15 min ± 70 %',
    medium: 'wire',
    dose: { unit: 'hours', values: doubling(2, 4) },
    inject: (dose, place) => callHome(place, dose, 900, 0.7),
  },
  {
    id: 'upload',
    title: 'An upload to a host nobody knows, within 20 min',
    medium: 'wire',
    dose: { unit: 'MB', values: doubling(50, 7) },
    inject: (dose, place) => {
      const [client, name] = [machineOf(place), `in.cellar-${place.number}.invalid`]
      return during(place, 20 * minuteMs, [client, name], (wire) => {
        for (let n = 0; n < 10; n++) {
          const told = {
            atMs: place.startMs + n * 2 * minuteMs,
            client,
            host: wire.world.host(name),
            seconds: 110,
          }
          wire.exchange({ ...told, bytesOut: dose * 100_000, bytesIn: 20_000 })
        }
      })
    },
  },
  {
    id: 'scan-addresses',
    title: 'One port of so many own addresses, 5 a second',
    medium: 'wire',
    dose: { unit: 'addresses', values: doubling(4, 6) },
    inject: (dose, place) => {
      const client = machineOf(place)
      return during(place, minuteMs, [client], ({ random, flow }) => {
        for (let n = 0; n < dose; n++) {
          const server = `${ownPrefix}${1 + ((n * 37 + place.number * 11) % 254)}`
          flow({
            atMs: place.startMs + n * 200,
            client,
            server,
            port: 3389,
            seconds: 0.001,
            bytesOut: 0,
            bytesIn: 0,
            state: random() < 0.15 ? 'REJ' : 'S0',
          })
        }
      })
    },
  },
  {
    id: 'scan-ports',
    title: 'So many ports of one server, 20 a second',
    medium: 'wire',
    dose: { unit: 'ports', values: doubling(8, 6) },
    inject: (dose, place) => {
      const client = machineOf(place)
      return during(place, minuteMs, [client], ({ flow }) => {
        for (let n = 0; n < dose; n++)
          flow({
            atMs: place.startMs + n * 50,
            client,
            server: intranet,
            port: 1 + n * 13,
            seconds: 0.0004,
            bytesOut: 0,
            bytesIn: 0,
            state: 'REJ',
          })
      })
    },
  },
  {
    id: 'dns-tunnel',
    title: 'A tunnel in names of 40 letters, a query every 10 s',
    medium: 'names',
    dose: { unit: 'queries', values: doubling(4, 7) },
    inject: (dose, place) => {
      const [client, domain] = [machineOf(place), `quay-${place.number}-lantern.test`]
      return during(place, dose * 10_000, [client, domain], ({ random, ask }) => {
        for (let n = 0; n < dose; n++)
          ask({
            atMs: place.startMs + n * 10_000 + 900 * random(),
            client,
            name: `${text(random, base32, 40)}.t.${domain}`,
            type: n % 4 === 0 ? 'TXT' : 'A',
            answers: ['203.0.113.66'],
            ttlS: 1,
          })
      })
    },
  },
  {
    id: 'dns-slow-tunnel',
    title: 'A tunnel in names of 12 letters, a query a minute',
    medium: 'names',
    dose: { unit: 'queries', values: doubling(8, 7) },
    inject: (dose, place) => {
      const [client, domain] = [machineOf(place), `orchard-${place.number}-sable.test`]
      return during(place, dose * minuteMs, [client, domain], ({ random, ask }) => {
        for (let n = 0; n < dose; n++)
          ask({
            atMs: place.startMs + (n + 0.5 * random()) * minuteMs,
            client,
            name: `${text(random, base32, 12)}.${domain}`,
            answers: ['203.0.113.67'],
            ttlS: 1,
          })
      })
    },
  },
  {
    id: 'generated-names',
    title: 'Names made by a program, one every 5 s; none exists',
    medium: 'names',
    dose: { unit: 'names', values: doubling(2, 6) },
    inject: (dose, place) => {
      const client = machineOf(place)
      return during(place, dose * 5000, [client], ({ random, ask }) => {
        for (let n = 0; n < dose; n++)
          ask({
            atMs: place.startMs + n * 5000 + 900 * random(),
            client,
            name: `${text(random, letters, 11 + below(random, 7))}.example`,
          })
      })
    },
  },
]
