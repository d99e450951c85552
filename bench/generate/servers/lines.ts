/**
 * What a Linux server writes when somebody logs in, fails to, or becomes root: as rsyslog forwards it.
 *
 * @module
 */
import { randomStream } from '../../../src/models/random.ts'
import { below, pick, scramble, type Random } from '../draw.ts'
import { hexText } from '../week/places.ts'
import type { Book } from '../week/book.ts'

export type ServerLog = 'auth' | 'syslog'

export interface Host {
  readonly name: string
  readonly address: string
}

export interface Console {
  readonly random: Random
  readonly book: Book<ServerLog>
}

const stampOf = (timeMs: number, random: Random): string =>
  `${new Date(timeMs).toISOString().slice(0, 23)}${String(below(random, 1000)).padStart(3, '0')}+00:00`

export const write = (
  { random, book }: Console,
  log: ServerLog,
  timeMs: number,
  host: Host,
  program: string,
  text: string,
): void => book.add(log, timeMs, `${stampOf(timeMs, random)} ${host.name} ${program}: ${text}`)

export type Method = 'publickey' | 'password'

export interface Login {
  readonly atMs: number
  readonly host: Host
  readonly user: string
  readonly source: string
  readonly method: Method
}

const hashOf = (text: string): number =>
  Array.from(text).reduce((sum, letter) => scramble(sum + letter.charCodeAt(0)), 7)

const uidOf = (user: string): number => 1000 + (hashOf(user) % 4000)

/** The same key each time. */
const fingerprintOf = (user: string): string => hexText(randomStream(hashOf(user)), 43)

/** Somebody is in, and stays for a while. */
export const logIn = (console: Console, login: Login, stayMs: number): void => {
  const { random } = console
  const { atMs, host, user, source, method } = login
  const pid = 900 + below(random, 3_000_000)
  const [sshd, port, session] = [`sshd[${pid}]`, 32_768 + below(random, 28_000), below(random, 100_000)]
  const key = method === 'publickey' ? `: ED25519 SHA256:${fingerprintOf(user)}` : ''
  const uid = uidOf(user)
  write(
    console,
    'auth',
    atMs - 90,
    host,
    sshd,
    `Connection from ${source} port ${port} on ${host.address} port 22 rdomain ""`,
  )
  write(
    console,
    'auth',
    atMs,
    host,
    sshd,
    `Accepted ${method} for ${user} from ${source} port ${port} ssh2${key}`,
  )
  write(
    console,
    'auth',
    atMs + 4,
    host,
    sshd,
    `pam_unix(sshd:session): session opened for user ${user}(uid=${uid}) by ${user}(uid=0)`,
  )
  write(console, 'auth', atMs + 11, host, 'systemd-logind[812]', `New session ${session} of user ${user}.`)
  const endMs = atMs + Math.max(400, stayMs)
  // Machines that go to sleep never say goodbye.
  if (random() < 0.85) {
    write(
      console,
      'auth',
      endMs,
      host,
      `sshd[${pid + 60}]`,
      `Received disconnect from ${source} port ${port}:11: disconnected by user`,
    )
    write(
      console,
      'auth',
      endMs + 1,
      host,
      `sshd[${pid + 60}]`,
      `Disconnected from user ${user} ${source} port ${port}`,
    )
  }
  write(console, 'auth', endMs + 3, host, sshd, `pam_unix(sshd:session): session closed for user ${user}`)
  write(
    console,
    'auth',
    endMs + 8,
    host,
    'systemd-logind[812]',
    `Session ${session} logged out. Waiting for processes to exit.`,
  )
  write(console, 'auth', endMs + 9, host, 'systemd-logind[812]', `Removed session ${session}.`)
}

/** Wrong passwords, one after the other, within one connection. */
export const failLogin = (
  console: Console,
  login: Omit<Login, 'method'>,
  tries: number,
  known = true,
): void => {
  const { random } = console
  const { host, user, source } = login
  const [sshd, port] = [`sshd[${900 + below(random, 3_000_000)}]`, 32_768 + below(random, 28_000)]
  let atMs = login.atMs
  if (!known) write(console, 'auth', atMs, host, sshd, `Invalid user ${user} from ${source} port ${port}`)
  for (let i = 0; i < tries; i++) {
    if (known && i === 0)
      write(
        console,
        'auth',
        atMs,
        host,
        sshd,
        `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${source}  user=${user}`,
      )
    atMs += 1800 + below(random, 900)
    write(
      console,
      'auth',
      atMs,
      host,
      sshd,
      `Failed password for ${known ? '' : 'invalid user '}${user} from ${source} port ${port} ssh2`,
    )
    atMs += 1500 + below(random, 6000)
  }
  const who = known ? 'authenticating' : 'invalid'
  write(
    console,
    'auth',
    atMs,
    host,
    sshd,
    `Connection closed by ${who} user ${user} ${source} port ${port} [preauth]`,
  )
}

const terminals = ['pts/0', 'pts/0', 'pts/1', 'pts/2', 'unknown'] as const

/** Somebody does one thing as another. */
export const sudo = (
  console: Console,
  atMs: number,
  host: Host,
  user: string,
  command: string,
  target = 'root',
): void => {
  const { random } = console
  const terminal = pick(random, terminals)
  const sudo = `sudo[${900 + below(random, 3_000_000)}]`
  write(
    console,
    'auth',
    atMs,
    host,
    sudo,
    ` ${user.padStart(8)} : TTY=${terminal} ; PWD=/home/${user} ; USER=${target} ; COMMAND=${command}`,
  )
  write(
    console,
    'auth',
    atMs + 2,
    host,
    sudo,
    `pam_unix(sudo:session): session opened for user ${target}(uid=0) by ${user}(uid=${uidOf(user)})`,
  )
  write(
    console,
    'auth',
    atMs + 150 + below(random, 9000),
    host,
    sudo,
    `pam_unix(sudo:session): session closed for user ${target}`,
  )
}

/** A job of the clock's: two lines in one log, one in the other. */
export const cron = (console: Console, atMs: number, host: Host, user: string, command: string): void => {
  const job = `CRON[${900 + below(console.random, 3_000_000)}]`
  write(
    console,
    'auth',
    atMs,
    host,
    job,
    `pam_unix(cron:session): session opened for user ${user}(uid=0) by ${user}(uid=0)`,
  )
  write(console, 'syslog', atMs + 5, host, job, `(${user}) CMD (${command})`)
  write(
    console,
    'auth',
    atMs + 200 + below(console.random, 4000),
    host,
    job,
    `pam_unix(cron:session): session closed for user ${user}`,
  )
}
