/**
 * What logs in by itself: automation on every machine, backups, monitoring, deployments, jobs of the clock, and a job
 * that nobody told the new password.
 *
 * @module
 */
import { below, exponential, logNormal, pick } from '../draw.ts'
import { atRandom, dayMs, hourMs, isWeekend, officeStartMs, onTheClock, wholeDay } from '../office-times.ts'
import { hexText } from '../week/places.ts'
import { special } from '../week/calendar.ts'
import { cron, failLogin, logIn, sudo, write, type Console, type Host } from './lines.ts'
import { hostAt, hosts, newHost, newHostDay, numbersOf } from './staff.ts'

const addressOf = (group: Parameters<typeof numbersOf>[0], i = 0): string =>
  hostAt(numbersOf(group)[i] ?? 0).address

const present = (day: number): readonly Host[] => hosts.filter((_, n) => n !== newHost || day >= newHostDay)

/** One run over all machines, a few at a time: each is logged in to, and changed as root. */
const playbook = (console: Console, atMs: number, targets: readonly Host[]): void => {
  const { random } = console
  for (const [i, host] of targets.entries()) {
    const startMs = atMs + Math.floor(i / 5) * 9000 + below(random, 4000)
    logIn(
      console,
      { atMs: startMs, host, user: 'ansible', source: addressOf('ci', 2), method: 'publickey' },
      8000 + below(random, 20_000),
    )
    for (let step = 1 + below(random, 4); step > 0; step--) {
      const name = hexText(random, 10)
      sudo(
        console,
        startMs + step * 1700,
        host,
        'ansible',
        `/bin/sh -c echo BECOME-SUCCESS-${name} ; /usr/bin/python3 /home/ansible/.ansible/tmp/ansible-tmp-${name}/module.py`,
      )
    }
  }
}

/** Each hour a machine has deployed what was merged; on working days more. */
const deployments = (console: Console, day: number): void => {
  const targets = [...numbersOf('web'), ...numbersOf('api')].filter((n) => n !== newHost || day >= newHostDay)
  atRandom(
    console.random,
    { fromMs: officeStartMs + day * dayMs + 8 * hourMs, toMs: officeStartMs + day * dayMs + 17 * hourMs },
    isWeekend(day) ? 0.02 : 0.8,
    (atMs) => {
      for (const [i, n] of targets.entries()) {
        logIn(
          console,
          {
            atMs: atMs + i * 21_000,
            host: hostAt(n),
            user: 'deploy',
            source: addressOf('ci'),
            method: 'publickey',
          },
          15_000,
        )
        sudo(console, atMs + i * 21_000 + 9000, hostAt(n), 'deploy', '/usr/bin/systemctl reload shop')
      }
    },
  )
}

const backups = (console: Console, day: number): void => {
  for (const [i, host] of present(day).entries()) {
    const atMs = officeStartMs + day * dayMs + hourMs + i * 95_000 + below(console.random, 8000)
    logIn(
      console,
      { atMs, host, user: 'backup', source: addressOf('backup'), method: 'publickey' },
      logNormal(console.random, 60_000, 1),
    )
    sudo(
      console,
      atMs + 900,
      host,
      'backup',
      '/usr/bin/rsync --server --sender -logDtpre.iLsfxCIvu --numeric-ids . /',
    )
  }
}

/** Monitoring opens the port and goes away again; on some machines it also logs in. */
const monitoring = (console: Console, day: number): void => {
  const { random } = console
  const source = addressOf('mon')
  for (const [i, host] of present(day).entries()) {
    onTheClock(wholeDay(day), 300, (i % 17) / 17, (atMs) => {
      write(
        console,
        'auth',
        atMs,
        host,
        `sshd[${900 + below(random, 3_000_000)}]`,
        `Connection closed by ${source} port ${33_000 + below(random, 20_000)} [preauth]`,
      )
    })
    if (i % 9 === 4)
      onTheClock(wholeDay(day), 900, (i % 7) / 7, (atMs) =>
        logIn(console, { atMs, host, user: 'nagios', source, method: 'publickey' }, 700),
      )
  }
}

const jobs = (console: Console, day: number): void => {
  const { random } = console
  for (const [i, host] of present(day).entries()) {
    onTheClock(wholeDay(day), 3600, (17 * 60) / 3600, (atMs) =>
      cron(console, atMs + 1000, host, 'root', 'cd / && run-parts --report /etc/cron.hourly'),
    )
    if (i % 4 === 1)
      onTheClock(wholeDay(day), 600, 0, (atMs) =>
        cron(console, atMs + 1200, host, 'www-data', '/usr/bin/php /srv/shop/bin/console queue:work --once'),
      )
    for (const [unit, hour] of [
      ['Daily apt download activities', 6],
      ['Rotate log files', 0],
      ['Cleanup of Temporary Directories', 14],
    ] as const) {
      const atMs = officeStartMs + day * dayMs + hour * hourMs + below(random, 1_800_000)
      write(console, 'syslog', atMs, host, 'systemd[1]', `Starting ${unit}...`)
      write(console, 'syslog', atMs + 900 + below(random, 9000), host, 'systemd[1]', `Finished ${unit}.`)
    }
    atRandom(random, wholeDay(day), 3, (atMs) => {
      const said = pick(random, [
        'Started Session of user root.',
        'Reloading nginx...',
        'Created slice User Slice of UID 1000.',
        'snapd.service: Consumed 1.203s CPU time.',
      ])
      write(console, 'syslog', atMs, host, 'systemd[1]', said)
    })
  }
}

/** On patch night every machine starts again. */
const patchNight = (console: Console, day: number): void => {
  if (day % 7 !== 1) return
  const { random } = console
  const startMs = officeStartMs + day * dayMs + 22 * hourMs
  playbook(console, startMs, present(day))
  for (const [i, host] of present(day).entries()) {
    const atMs = startMs + 20 * 60_000 + i * 70_000
    sudo(console, atMs, host, 'ansible', '/usr/sbin/shutdown -r now')
    write(console, 'syslog', atMs + 2000, host, 'systemd[1]', 'Stopping OpenBSD Secure Shell server...')
    write(
      console,
      'auth',
      atMs + 41_000,
      host,
      `sshd[${700 + below(random, 200)}]`,
      'Server listening on 0.0.0.0 port 22.',
    )
    write(
      console,
      'auth',
      atMs + 41_001,
      host,
      `sshd[${700 + below(random, 200)}]`,
      'Server listening on :: port 22.',
    )
    write(console, 'auth', atMs + 43_000, host, 'systemd-logind[812]', 'New seat seat0.')
  }
}

/** A report logs in with a password every ten minutes; it was not told the new one until the afternoon. */
const report = (console: Console, day: number): void => {
  const host = hostAt(numbersOf('files')[0] ?? 0)
  const source = addressOf('dev', 5)
  onTheClock(wholeDay(day), 600, 0.4, (atMs) => {
    const hour = (atMs - officeStartMs - day * dayMs) / hourMs
    const outdated = day === special.passwords && hour > 9 && hour < 14.6
    if (outdated) failLogin(console, { atMs, host, user: 'reports', source }, 1)
    else logIn(console, { atMs, host, user: 'reports', source, method: 'password' }, 2500)
  })
}

/** Somebody new: an account on the machines of their team. */
const newcomer = (console: Console, day: number): void => {
  if (day !== 1) return
  const { random } = console
  const atMs = officeStartMs + day * dayMs + 9.3 * hourMs
  for (const [i, n] of [...numbersOf('dev'), ...numbersOf('ci')].entries()) {
    const t = atMs + i * 7000
    sudo(console, t, hostAt(n), 'ansible', '/usr/sbin/useradd -m -s /bin/bash zita')
    write(
      console,
      'auth',
      t + 300,
      hostAt(n),
      `useradd[${900 + below(random, 90_000)}]`,
      'new group: name=zita, GID=1091',
    )
    write(
      console,
      'auth',
      t + 310,
      hostAt(n),
      `useradd[${900 + below(random, 90_000)}]`,
      'new user: name=zita, UID=1091, GID=1091, home=/home/zita, shell=/bin/bash, from=none',
    )
  }
}

/** The first day of a machine: its services' accounts, and a visit of automation. */
const firstDay = (console: Console, day: number): void => {
  if (day !== newHostDay) return
  const host = hostAt(newHost)
  const atMs = officeStartMs + day * dayMs + 10.1 * hourMs
  for (const [i, name] of ['ansible', 'deploy', 'backup', 'nagios'].entries())
    write(
      console,
      'auth',
      atMs + i * 900,
      host,
      `useradd[${1200 + i}]`,
      `new user: name=${name}, UID=${900 + i}, GID=${900 + i}, home=/home/${name}, shell=/bin/bash, from=none`,
    )
  for (let run = 0; run < 4; run++) playbook(console, atMs + 60_000 + run * 400_000, [host])
}

/** A day of all that nobody does by hand. */
export const machineDay = (console: Console, day: number): void => {
  const midnight = officeStartMs + day * dayMs
  for (const hour of [2, 14]) playbook(console, midnight + hour * hourMs + 300_000, present(day))
  // Somebody runs one by hand now and then.
  if (!isWeekend(day) && console.random() < 0.6)
    playbook(
      console,
      midnight + 9 * hourMs + exponential(console.random, 3 * hourMs),
      present(day).slice(0, 4 + below(console.random, 20)),
    )
  deployments(console, day)
  backups(console, day)
  monitoring(console, day)
  jobs(console, day)
  patchNight(console, day)
  report(console, day)
  newcomer(console, day)
  firstDay(console, day)
}
