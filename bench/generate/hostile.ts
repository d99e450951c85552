/**
 * Programs that are not welcome. Their paths are a list of their own, made without looking at any detector.
 *
 * @module
 */
import { below, exponential, type Random } from './draw.ts'
import type { Request } from './request.ts'
import type { Actor } from './simulate.ts'
import { loginPath, type Site } from './site.ts'

export interface Attack {
  readonly client: string
  readonly requests: number
  /** Seconds between two requests, on average. */
  readonly gapS: number
}

const folders = [
  '',
  '/old',
  '/new',
  '/backup',
  '/app',
  '/web',
  '/dev',
  '/test',
  '/public',
  '/core',
  '/cms',
  '/store',
]
const files = [
  '.env',
  '.git/config',
  '.git/HEAD',
  'config.json',
  'config.yml',
  'settings.ini',
  'database.sql',
  'dump.sql.gz',
  'backup.zip',
  'site.tar.gz',
  'phpinfo.php',
  'info.php',
  'shell.php',
  'upload.php',
  'setup.php',
  'install.php',
  'wp-login.php',
  'wp-config.php.bak',
  'xmlrpc.php',
  'administrator/',
  'admin/',
  'phpmyadmin/index.php',
  'server-status',
  'actuator/health',
  'actuator/env',
  'console',
  'manager/html',
  'solr/admin/info/system',
  'api/v1/users',
  'graphql',
  'swagger.json',
  'id_rsa',
  'web.config',
  'composer.lock',
  'package.json',
  'debug.log',
] as const

const probes = folders.flatMap((folder) => files.map((file) => `${folder}/${file}`))

const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'

/** `next` makes the request with that number. */
const attacker = (random: Random, { requests, gapS }: Attack, next: (n: number) => Request): Actor => {
  let made = 0
  // Faster than one a second: several in each.
  const atOnce = Math.max(1, Math.round(1 / gapS))
  return (_, emit) => {
    for (let i = 0; i < atOnce && made < requests; i++) emit(next(made++))
    return made < requests ? Math.max(1, exponential(random, gapS)) : undefined
  }
}

/** Looks for files that should not be there. */
export const scanner = (random: Random, attack: Attack): Actor => {
  const from = below(random, probes.length)
  return attacker(random, attack, (n) => {
    const luck = random()
    const status = luck < 0.93 ? 404 : luck < 0.98 ? 403 : 400
    // A step that shares no factor with the length: each probe once before any comes again.
    const target = probes[(from + n * 35) % probes.length] ?? '/'
    return {
      client: attack.client,
      method: 'GET',
      target,
      http: '1.1',
      status,
      bytes: 5120 + below(random, 64),
      referrer: '-',
      agent: browser,
    }
  })
}

/** Guesses passwords. */
export const guesser = (random: Random, attack: Attack): Actor =>
  attacker(random, attack, () => ({
    client: attack.client,
    method: 'POST',
    target: loginPath,
    http: '1.1',
    status: 401,
    bytes: 1840,
    referrer: '-',
    agent: browser,
  }))

/** Copies the shop page by page: every request looks like a visitor's. */
export const scraper = (random: Random, site: Site, attack: Attack): Actor => {
  const from = below(random, site.pages.length)
  return attacker(random, attack, (n) => {
    const page = site.pages[(from + n) % site.pages.length]
    return {
      client: attack.client,
      method: 'GET',
      target: page?.path ?? '/',
      http: '2.0',
      status: 200,
      bytes: page?.bytes ?? 0,
      referrer: '-',
      agent: browser,
    }
  })
}
