/**
 * What is done with other people's accounts: each a handful of logins in the days of an organisation.
 *
 * @module
 */
import { logon, privileges, type UserEvent } from './users-wire.ts'
import { organisationStartMs, type Organisation, type Person } from './users-organisation.ts'

export interface UserAttack {
  readonly what: string
  /** The account that it begins with. */
  readonly attacker: string
  /** The detector that it is made for. */
  readonly detector: string
  readonly events: readonly UserEvent[]
}

const hourMs = 3_600_000

const at = (day: number, hour: number): number => organisationStartMs + day * 24 * hourMs + hour * hourMs

const nobody: Person = {
  name: 'nobody',
  department: '',
  kind: 'worker',
  workstation: 'ws-0',
  from: 0,
  away: [0, 0],
}

const present = (person: Person, day: number): boolean =>
  person.from === 0 && (day < person.away[0] || day >= person.away[1] + 2)

/** Each on a working day of its own, towards the end. */
export const userAttacks = (
  { people, servers }: Organisation,
  days: number,
  quiet: ReadonlySet<string>,
): readonly UserAttack[] => {
  const workdays = Array.from({ length: days }, (_, day) => day).filter((day) => day % 7 < 5)
  const late = workdays.slice(-6)
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = late
  const victim = (day: number, place: number): Person => {
    const fit = people.filter(
      (person) => person.kind === 'worker' && present(person, day) && quiet.has(person.name),
    )
    return fit[Math.floor(fit.length * place)] ?? nobody
  }
  const elsewhere = (person: Person): readonly string[] =>
    [...servers]
      .filter(([name]) => name !== person.department && name !== 'shared' && name !== 'it')
      .flatMap(([, own]) => own.slice(1))
  const stolen = victim(first, 0.2)
  const bolder = victim(first, 0.3)
  const mover = victim(second, 0.4)
  const hoarder = victim(fifth, 0.7)
  const leaver = people.find(({ away }) => away[0] < 15 && away[1] === days) ?? stolen
  const admin = people.find(({ kind }) => kind === 'administrator') ?? stolen
  const path = elsewhere(mover)
  const [one = '', two = '', three = ''] = [path[0], path[4], path[8]]
  const other = victim(second, 0.9).workstation
  const spread = people.filter((_, n) => n % 9 === 4).map(({ workstation }) => workstation)
  return [
    {
      what: "a clerk's account on one server of another department",
      attacker: stolen.name,
      detector: 'user-new-host',
      events: [
        logon(at(first, 14), {
          user: stolen.name,
          host: elsewhere(stolen)[2] ?? '',
          from: stolen.workstation,
        }),
      ],
    },
    {
      what: 'the same on three servers of other departments within an hour',
      attacker: bolder.name,
      detector: 'user-new-host',
      events: [2, 5, 9].map((n, i) =>
        logon(at(first, 15 + i / 3), {
          user: bolder.name,
          host: elsewhere(bolder)[n] ?? '',
          from: bolder.workstation,
        }),
      ),
    },
    {
      what: 'a path over four machines, from the third on as an administrator',
      attacker: mover.name,
      detector: 'lateral-movement',
      events: [
        logon(at(second, 10), { user: mover.name, host: one, from: mover.workstation }),
        logon(at(second, 10.6), { user: mover.name, host: two, from: one }),
        logon(at(second, 11.5), { user: admin.name, host: three, from: two }),
        logon(at(second, 12.1), { user: admin.name, host: other, from: three }),
      ],
    },
    {
      what: 'the account of somebody who left, weeks later',
      attacker: leaver.name,
      detector: 'account-revived',
      events: [logon(at(third, 13), { user: leaver.name, host: 'files1', from: 'ws-guest' })],
    },
    {
      what: 'a new account that uses special rights on three machines',
      attacker: 'svc-update2',
      detector: 'account-new',
      events: ['dc1', 'files1', 'backup1'].flatMap((host, n) => [
        logon(at(fourth, 11 + n / 10), { user: 'svc-update2', host, from: victim(fourth, 0.5).workstation }),
        privileges(at(fourth, 11 + n / 10) + 1, 'svc-update2', host),
      ]),
    },
    {
      what: 'an account that goes over forty workstations and reads a file server a thousand times',
      attacker: hoarder.name,
      detector: 'user-daily-activity',
      events: [
        ...spread
          .slice(0, 40)
          .map((host, n) =>
            logon(at(fifth, 9) + n * 240_000, { user: hoarder.name, host, from: hoarder.workstation }),
          ),
        ...Array.from({ length: 1000 }, (_, n) =>
          logon(at(fifth, 13) + n * 9000, { user: hoarder.name, host: 'files1', from: hoarder.workstation }),
        ),
      ],
    },
  ]
}
