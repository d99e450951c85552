import { execFileSync } from 'node:child_process'
import path from 'node:path'
import {
  startSyslog,
  type Syslog,
  type SyslogLimits,
  type SyslogOptions,
} from '../../src/intake/syslog/syslog.ts'
import type { SyslogSource } from '../../src/config/config.ts'
import { withFolder } from '../ingest/place.ts'
import { openIn, waitingLines } from '../spool/place.ts'
import { log } from './loader-place.ts'

export interface SyslogPlace {
  readonly folder: string
  readonly syslog: Syslog
  /** Waits until so many lines were taken. */
  readonly arrived: (lines: number) => Promise<void>
  /** Ends, and gives all that was taken. */
  readonly taken: () => Promise<string[]>
}

export const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs a test with a listener on the loopback address. */
export const withSyslog = (
  protocol: SyslogSource['protocol'],
  use: (place: SyslogPlace) => Promise<void>,
  more: {
    readonly tls?: (folder: string) => SyslogSource['listen']['tls']
    readonly limits?: Partial<SyslogLimits>
    /** Called before each append. It throws to have it fail. */
    readonly onAppend?: () => void
    readonly log?: SyslogOptions['log']
  } = {},
): Promise<void> =>
  withFolder(async (folder) => {
    const spool = await openIn(path.join(folder, 'spool'))
    const tls = more.tls?.(folder)
    const syslog = await startSyslog({
      source: {
        name: 'network',
        protocol,
        listen: { host: '127.0.0.1', port: 0, ...(tls === undefined ? {} : { tls }) },
      },
      spool: {
        ...spool,
        append: async (...given) => {
          more.onAppend?.()
          return spool.append(...given)
        },
      },
      log: more.log ?? log,
      ...(more.limits === undefined ? {} : { limits: more.limits }),
    })
    let ended: Promise<void> | undefined
    const end = (): Promise<void> => (ended ??= syslog.close().then(() => spool.close()))
    try {
      await use({
        folder,
        syslog,
        arrived: async (lines) => {
          for (let i = 0; i < 1000 && syslog.stats().lines < lines; i++) await pauseFor(20)
        },
        taken: async () => {
          await end()
          const again = await openIn(path.join(folder, 'spool'))
          const lines = await waitingLines(again, folder)
          await again.close()
          return lines['network'] ?? []
        },
      })
    } finally {
      await end()
    }
  })

export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly clientCert: string
  readonly clientKey: string
}

const run = (folder: string, command: string, args: readonly string[]): void => {
  execFileSync(command, args, { cwd: folder, stdio: 'ignore' })
}

/** An authority of our own, and what it has signed for localhost and for a client. */
export const makeCertificates = (folder: string): Certificates => {
  const place = (name: string): string => path.join(folder, name)
  const request = ['req', '-newkey', 'rsa:2048', '-nodes', '-subj']
  run(folder, 'openssl', [
    ...request,
    '/CN=test authority',
    '-x509',
    '-days',
    '2',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  ])
  for (const name of ['localhost', 'client']) {
    run(folder, 'openssl', [...request, `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`])
    const sign = [
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
    ]
    run(folder, 'openssl', [...sign, '-days', '2', '-out', `${name}.pem`])
  }
  return {
    ca: place('ca.pem'),
    cert: place('localhost.pem'),
    key: place('localhost.key'),
    clientCert: place('client.pem'),
    clientKey: place('client.key'),
  }
}

export const has = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
