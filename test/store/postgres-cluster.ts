/** A PostgreSQL of its own for a test: a throw-away cluster on a free loopback port, as Debian's binaries make one. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const versions = '/usr/lib/postgresql'

/** The folder of the newest binaries; null where there are none. */
const binaries = (): string | null => {
  if (!existsSync(versions)) return null
  const newest = readdirSync(versions)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => path.join(versions, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'initdb')))
  return newest ?? null
}

/** Why no cluster can be started; null where one can. */
export const noPostgres: string | null =
  binaries() === null ? 'no PostgreSQL is installed (apt-get install postgresql)' : null

/** PostgreSQL does not run as root: then its own user starts it. */
const runAs = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (userInfo().uid !== 0) return undefined
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

export interface Cluster {
  readonly url: string
  stop(): Promise<void>
}

const answers = (bin: string, port: number): boolean => {
  try {
    execFileSync(path.join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
    return true
  } catch {
    return false
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode === null && child.signalCode === null) child.once('exit', () => resolve())
    else resolve()
  })

export const startCluster = async (): Promise<Cluster> => {
  const bin = binaries()
  if (bin === null) throw new Error(noPostgres ?? '')
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-postgres-'))
  const user = runAs()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = path.join(folder, 'data')
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'winnow', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: folder, stdio: 'ignore' },
  )
  const port = await freePort()
  const server = spawn(
    path.join(bin, 'postgres'),
    `-D ${data} -p ${port} -h 127.0.0.1 -k ${folder} -c fsync=off -c shared_buffers=16MB -c autovacuum=off`.split(
      ' ',
    ),
    { ...user, cwd: folder, stdio: 'ignore' },
  )
  const stop = async (): Promise<void> => {
    server.kill('SIGINT')
    await ended(server)
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 100 && !answers(bin, port); tries++) await sleep(100)
  if (!answers(bin, port)) {
    await stop()
    throw new Error('the throw-away PostgreSQL did not start')
  }
  return { url: `postgresql://winnow@127.0.0.1:${port}/postgres`, stop }
}
