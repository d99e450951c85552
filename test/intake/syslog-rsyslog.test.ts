import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { has, makeCertificates, pauseFor, withSyslog, type Certificates } from './syslog-place.ts'

const isHere = has('rsyslogd') && has('logger')
const missing = 'rsyslog is not here (apt-get install rsyslog rsyslog-gnutls)'

const hasTls = ['x86_64', 'aarch64'].some((machine) =>
  existsSync(`/usr/lib/${machine}-linux-gnu/rsyslog/lmnsd_gtls.so`),
)

/** Runs a rsyslog of our own that forwards what it hears on a socket, while something is done. */
const withRsyslog = async (
  folder: string,
  globals: string,
  action: string,
  use: (socket: string) => Promise<void>,
): Promise<void> => {
  const work = path.join(folder, 'rsyslog')
  await mkdir(work)
  const socket = path.join(work, 'log.sock')
  const config = path.join(work, 'rsyslog.conf')
  await writeFile(
    config,
    `global(workDirectory="${work}"${globals})
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}" CreatePath="on" RateLimit.Interval="0")
*.* ${action}
`,
  )
  const running = spawn('rsyslogd', ['-n', '-f', config, '-i', path.join(work, 'pid')], { stdio: 'ignore' })
  try {
    for (let i = 0; i < 200 && !existsSync(socket); i++) await pauseFor(20)
    await use(socket)
  } finally {
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    await ended
  }
}

const logLines = (socket: string, count: number): void => {
  const text = Array.from({ length: count }, (_, i) => `message ${i} of rsyslog`).join('\n')
  execFileSync('logger', ['-u', socket, '-t', 'winnow-test'], { input: `${text}\n` })
}

const numbersIn = (lines: readonly string[]): number[] =>
  lines
    .flatMap((line) => /message (\d+) of rsyslog/.exec(line)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)

const expected = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

const count = 500

test.for([
  ['lines', 'TCP_Framing="traditional" template="RSYSLOG_ForwardFormat"', '^<13>\\d{4}-\\d\\d-\\d\\dT'],
  [
    'counted messages',
    'TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"',
    '^<13>1 \\d{4}-',
  ],
] as const)('rsyslog forwards %s over TCP, each of which arrives once', ([, framing, form], context) => {
  context.skip(!isHere, missing)
  return withSyslog('tcp', async ({ folder, syslog, arrived, taken }) => {
    const action = `action(type="omfwd" target="127.0.0.1" port="${syslog.port}" protocol="tcp" ${framing})`
    await withRsyslog(folder, '', action, async (socket) => {
      logLines(socket, count)
      await arrived(count)
    })
    const lines = await taken()
    expect(numbersIn(lines)).toEqual(expected(count))
    expect(lines[0]).toMatch(new RegExp(form))
  })
})

test('rsyslog forwards over UDP', (context) => {
  context.skip(!isHere, missing)
  return withSyslog('udp', async ({ folder, syslog, arrived, taken }) => {
    const action = `action(type="omfwd" target="127.0.0.1" port="${syslog.port}" protocol="udp" template="RSYSLOG_TraditionalForwardFormat")`
    await withRsyslog(folder, '', action, async (socket) => {
      logLines(socket, count)
      await arrived(count)
    })
    const lines = await taken()
    expect(numbersIn(lines)).toEqual(expected(count))
    expect(lines[0]).toMatch(/^<13>[A-Z][a-z]{2} [ \d]\d \d\d:/)
  })
})

test('rsyslog forwards over TLS, with a certificate on both sides', (context) => {
  context.skip(!isHere || !has('openssl') || !hasTls, missing)
  let made: Certificates | undefined
  return withSyslog(
    'tls',
    async ({ folder, syslog, arrived, taken }) => {
      if (made === undefined) throw new Error('no certificates')
      const globals = ` defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${made.ca}" defaultNetstreamDriverCertFile="${made.clientCert}" defaultNetstreamDriverKeyFile="${made.clientKey}"`
      const action = `action(type="omfwd" target="127.0.0.1" port="${syslog.port}" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid" TCP_Framing="octet-counted")`
      await withRsyslog(folder, globals, action, async (socket) => {
        logLines(socket, count)
        await arrived(count)
      })
      expect(numbersIn(await taken())).toEqual(expected(count))
    },
    {
      tls: (folder) => {
        made = makeCertificates(folder)
        return { cert: made.cert, key: made.key, clientCa: made.ca }
      },
    },
  )
})

test('logger sends in either form, over UDP and TCP', (context) => {
  context.skip(!has('logger'), 'logger is not here (apt-get install bsdutils)')
  const sendAll = (port: number, ...transport: readonly string[]): void => {
    for (const form of ['--rfc3164', '--rfc5424'])
      execFileSync('logger', [
        '-n',
        '127.0.0.1',
        '-P',
        String(port),
        ...transport,
        form,
        `a message, ${form}`,
      ])
  }
  return withSyslog('udp', async ({ syslog, arrived, taken }) => {
    sendAll(syslog.port, '-d')
    await arrived(2)
    expect(await taken()).toHaveLength(2)
  }).then(() =>
    withSyslog('tcp', async ({ syslog, arrived, taken }) => {
      sendAll(syslog.port, '-T')
      sendAll(syslog.port, '-T', '--octet-count')
      await arrived(4)
      const lines = await taken()
      expect(lines.filter((line) => line.includes('a message, --rfc5424'))).toHaveLength(2)
      expect(lines.every((line) => line.startsWith('<13>'))).toBe(true)
    }),
  )
})
