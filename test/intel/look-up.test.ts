import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openCache } from '../../src/intel/cache.ts'
import { defaultLookUps, lookUp, type Answer, type LookUpSettings } from '../../src/intel/look-up.ts'
import { publicInternet } from '../../src/intel/outside.ts'
import type { Subject } from '../../src/intel/subjects.ts'
import { makeCertificate } from './make-certificate.ts'
import { closing, nameServer, tcpServer, tlsServer, webServer, whoisServer } from './servers.ts'

const all = closing()
afterEach(() => all.all())

const name: Subject = { kind: 'name', about: 'c2.example.net', value: 'c2.example.net', destination: true }
const address: Subject = { kind: 'address', about: '127.0.0.1', value: '127.0.0.1', destination: true }

/** Loopback stands for the internet; 127.9.0.0/16 for what is inside. */
const permitted = {
  permitsAddress: (text: string) => /^127\.(?!9\.)|^2001:db8:/.test(text),
  permitsName: () => true,
}

const settings = (given: Partial<LookUpSettings>, nameServers: readonly string[] = []): LookUpSettings => ({
  ...defaultLookUps,
  outside: { ...permitted, nameServers },
  rdapBase: 'http://127.0.0.1:9/',
  whois: { host: '127.0.0.1', port: 9 },
  paceMs: { certificate: 0, registration: 0, 'reverse-dns': 0 },
  ...given,
})

const ask = async (
  subject: Subject,
  given: LookUpSettings,
  signal?: AbortSignal,
): Promise<readonly Answer[]> =>
  (await lookUp([subject], given, await openCache(), signal)).get(subject.value) ?? []

describe('the certificate of a server', () => {
  it('is read in a handshake that names the host', async () => {
    const identity = makeCertificate({
      commonName: 'c2.example.net',
      organisation: 'Example Ltd',
      names: ['c2.example.net', 'www.example.net'],
    })
    const server = await tlsServer(all, identity)
    const dns = await nameServer(all, { 'A c2.example.net': ['127.0.0.1'] })
    const answers = await ask(name, settings({ kinds: ['certificate'], tlsPort: server.port }, [dns.address]))
    expect(answers).toEqual([
      {
        kind: 'certificate',
        port: server.port,
        certificate: {
          subject: 'c2.example.net',
          organisation: 'Example Ltd',
          names: ['c2.example.net', 'www.example.net'],
          issuer: 'Example Ltd, c2.example.net',
          validFrom: '2026-01-01',
          validTo: '2126-01-01',
          selfSigned: true,
          distrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        },
      },
    ])
    expect(server.names).toEqual(['c2.example.net'])
  })

  it('is read from an address, without a name; one that expired or whose issuer nobody knows says so', async () => {
    const identity = makeCertificate({
      commonName: 'x',
      issuer: 'Example Authority',
      to: '2026-01-02T00:00:00',
    })
    const server = await tlsServer(all, identity)
    const answers = await ask({ ...address, port: server.port }, settings({ kinds: ['certificate'] }))
    expect(answers).toMatchObject([
      { certificate: { issuer: 'Example Authority', validTo: '2026-01-02', selfSigned: false } },
    ])
    expect(JSON.stringify(answers)).toMatch(/"distrusted":"(?:CERT_|UNABLE_)/)
    expect(server.names).toEqual([])
  })

  it('brings nothing that acts on a terminal, and not too much', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `n${i}.example.net`)
    const identity = makeCertificate({ commonName: `a\x1b[31m\u202eb${'c'.repeat(500)}`, names })
    const server = await tlsServer(all, identity)
    const [answer] = await ask({ ...address, port: server.port }, settings({ kinds: ['certificate'] }))
    if (answer?.kind !== 'certificate') throw new TypeError('no certificate')
    expect(answer.certificate.subject).toMatch(/^a \[31m bc+…$/)
    expect(answer.certificate.names.length).toBe(20)
  })

  it('is said to be missing where there is no TLS, nobody, or no name', async () => {
    const port = await tcpServer(all, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const dns = await nameServer(all, {})
    const given = settings({ kinds: ['certificate'] }, [dns.address])
    const problem = async (subject: Subject): Promise<string> => {
      const [answer] = await ask(subject, given)
      return answer?.kind === 'nothing' ? answer.problem : 'something'
    }
    expect(await problem({ ...address, port })).toMatch(/TLS/)
    expect(await problem({ ...address, port: 9 })).toBe('the connection was refused')
    expect(await problem(name)).toBe('there is no such name')
  })
})

const bootstrap = {
  services: [
    [['net'], ['/registry/']],
    [['127.0.0.0/8'], ['/registry/']],
  ],
}

const registry = async (
  answer: (url: string) => { status: number; body: string; location?: string } | null,
) => {
  const server = await webServer(all, (request, response) => {
    const url = request.url ?? ''
    const own = `http://127.0.0.1:${request.socket.localPort}`
    if (url.startsWith('/rdap/'))
      return response.end(JSON.stringify(bootstrap).replaceAll('"/registry/"', `"${own}/registry/"`))
    const said = answer(url)
    // Null: silence.
    if (said === null) return undefined
    if (said.location !== undefined) response.setHeader('location', said.location)
    response.statusCode = said.status
    return response.end(said.body)
  })
  return { ...server, base: `http://127.0.0.1:${server.port}/rdap/` }
}

const domain = JSON.stringify({
  objectClassName: 'domain',
  events: [{ eventAction: 'registration', eventDate: '2026-02-20T04:00:00Z' }],
})

describe('a registration', () => {
  it('comes from the registry that the bootstrap file names, by way of redirects', async () => {
    const server = await registry((url) =>
      url === '/registry/domain/example.net'
        ? { status: 302, body: '', location: '/elsewhere/example.net' }
        : { status: 200, body: domain },
    )
    const answers = await ask(name, settings({ kinds: ['registration'], rdapBase: server.base }))
    expect(answers).toEqual([
      { kind: 'registration', of: 'example.net', registration: { registeredOn: '2026-02-20' } },
    ])
    expect(server.heard).toEqual(['/rdap/dns.json', '/registry/domain/example.net', '/elsewhere/example.net'])
  })

  it('of an address is that of its network', async () => {
    const server = await registry(() => ({
      status: 200,
      body: '{"objectClassName":"ip network","name":"LOOP"}',
    }))
    const answers = await ask(address, settings({ kinds: ['registration'], rdapBase: server.base }))
    expect(answers).toEqual([{ kind: 'registration', of: '127.0.0.1', registration: { network: 'LOOP' } }])
    expect(server.heard).toEqual(['/rdap/ipv4.json', '/registry/ip/127.0.0.1'])
  })

  it.each([
    ['inside', 'http://127.9.0.1/x', 'it is not on the public internet'],
    ['to this machine by name', 'http://inside.example.net/x', 'it is not on the public internet'],
    ['to a file', 'file:///etc/passwd', 'the server sends elsewhere than to the web'],
    ['round and round', '/registry/domain/example.net', 'the servers send from one to the other'],
  ])('is not looked for where a redirect leads %s', async (_, location, problem) => {
    const server = await registry(() => ({ status: 302, body: '', location }))
    const dns = await nameServer(all, { 'A inside.example.net': ['127.0.0.1', '127.9.0.1'] })
    const given = settings({ kinds: ['registration'], rdapBase: server.base }, [dns.address])
    const [answer] = await ask(name, given)
    expect(answer).toMatchObject({ kind: 'nothing' })
    expect(answer?.kind === 'nothing' && answer.problem).toContain(`RDAP: ${problem}`)
  })

  it.each([
    ['what is no JSON', '<html>', 'the answer is not JSON'],
    ['more than fits', `{"name":"${'x'.repeat(3_000_000)}"}`, 'the answer is too long'],
    ['an empty object', '{}', 'the registry says nothing of it'],
  ])('is not made of %s', async (_, body, problem) => {
    const server = await registry(() => ({ status: 200, body }))
    const [answer] = await ask(name, settings({ kinds: ['registration'], rdapBase: server.base }))
    expect(answer?.kind === 'nothing' && answer.problem).toContain(`RDAP: ${problem}`)
  })

  it('is not taken from a registry whose certificate is not trusted', async () => {
    const server = await tlsServer(all, makeCertificate({ commonName: 'rdap.example.net' }))
    const rdapBase = `https://127.0.0.1:${server.port}/`
    const [answer] = await ask(name, settings({ kinds: ['registration'], rdapBase }))
    expect(answer?.kind === 'nothing' && answer.problem).toContain('RDAP: its certificate is not trusted')
  })

  it('comes from WHOIS where RDAP has no answer', async () => {
    const server = await registry(() => ({ status: 500, body: '' }))
    const root = await whoisServer(all, () => 'refer: 127.0.0.2\r\n')
    const next = await whoisServer(
      all,
      () => Buffer.from('Registrar: B\xfccher\r\ncreated: 2026.02.20\r\n', 'latin1'),
      {
        host: '127.0.0.2',
        port: root.port,
      },
    )
    const whois = { host: '127.0.0.1', port: root.port }
    const answers = await ask(name, settings({ kinds: ['registration'], rdapBase: server.base, whois }))
    expect(answers).toEqual([
      {
        kind: 'registration',
        of: 'example.net',
        registration: { registrar: 'Bücher', registeredOn: '2026-02-20' },
      },
    ])
    expect(root.heard).toEqual(['example.net'])
    expect(next.heard).toEqual(['example.net'])
  })

  it('is not asked for at a WHOIS server inside', async () => {
    const root = await whoisServer(all, () => 'refer: 127.9.0.1\r\n')
    const inside = await whoisServer(all, () => 'Registrar: x\r\n', { host: '127.9.0.1', port: root.port })
    const whois = { host: '127.0.0.1', port: root.port }
    const [answer] = await ask(name, settings({ kinds: ['registration'], whois }))
    expect(answer?.kind === 'nothing' && answer.problem).toContain('WHOIS: it is not on the public internet')
    expect(inside.heard).toEqual([])
  })
})

describe('reverse DNS', () => {
  it('gives the names of an address, and says where there are none', async () => {
    const sixth = `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`
    const dns = await nameServer(all, {
      'PTR 1.0.0.127.in-addr.arpa': ['host.example.net', 'other.example.net'],
      [`PTR ${sixth}`]: ['six.example.net'],
    })
    const given = settings({ kinds: ['reverse-dns'] }, [dns.address])
    expect(await ask(address, given)).toEqual([
      { kind: 'reverse-dns', names: ['host.example.net', 'other.example.net'] },
    ])
    expect(await ask({ ...address, value: '127.0.0.5' }, given)).toEqual([{ kind: 'reverse-dns', names: [] }])
    expect(await ask({ ...address, value: '2001:db8::1' }, given)).toEqual([
      { kind: 'reverse-dns', names: ['six.example.net'] },
    ])
    expect(await ask(name, given)).toEqual([])
  })
})

describe('look-ups', () => {
  it('end in time where nobody answers, and say so', async () => {
    const silent = await tcpServer(all, () => undefined)
    const dns = await nameServer(all, { 'PTR 1.0.0.127.in-addr.arpa': null })
    const given = settings(
      {
        questionMs: 150,
        whois: { host: '127.0.0.1', port: silent },
        rdapBase: `http://127.0.0.1:${silent}/`,
      },
      [dns.address],
    )
    const started = performance.now()
    const answers = await ask({ ...address, port: silent }, given)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(answers.map((answer) => answer.kind === 'nothing' && answer.problem)).toEqual(
      Array.from({ length: 3 }, () => 'no answer within 0.15 s'),
    )
  })

  it('end all together when their time is over', async () => {
    const silent = await tcpServer(all, () => undefined)
    const many = Array.from({ length: 30 }, (_, i) => ({ ...address, value: `127.0.1.${i}`, port: silent }))
    const given = settings({
      kinds: ['registration'],
      questionMs: 100,
      totalMs: 250,
      rdapBase: `http://127.0.0.1:${silent}/`,
    })
    const started = performance.now()
    const answers = await lookUp(many, given, await openCache())
    expect(performance.now() - started).toBeLessThan(5000)
    expect(answers.size).toBe(30)
    expect(JSON.stringify([...answers])).toContain('the 0.25 s for all look-ups were over')
  })

  it('stop when they are told to', async () => {
    const silent = await tcpServer(all, () => undefined)
    const abort = new AbortController()
    const asking = ask({ ...address, port: silent }, settings({ kinds: ['certificate'] }), abort.signal)
    setTimeout(() => abort.abort(), 50)
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('ask nobody about what is inside or set aside, unless somebody permits it', async () => {
    const dns = await nameServer(all, { 'A intern.corp': ['10.0.0.1'] })
    const outside = { ...publicInternet, nameServers: [dns.address] }
    for (const value of ['intern.corp', 'www.example.com'])
      expect(await ask({ ...name, value }, settings({ outside }))).toEqual([])
    for (const value of ['10.0.0.1', '127.0.0.1', '192.0.2.1', 'fd00::1', '2001:db8::1'])
      expect(await ask({ ...address, value }, settings({ outside }))).toEqual([])
    expect(dns.heard).toEqual([])
  })

  it('do not connect where a public name points inside', async () => {
    const dns = await nameServer(all, { 'A c2.example.net': ['127.9.0.1'] })
    expect(await ask(name, settings({ kinds: ['certificate'] }, [dns.address]))).toEqual([
      { kind: 'nothing', asked: 'certificate', problem: 'it is not on the public internet' },
    ])
  })

  it('keep their pace', async () => {
    const dns = await nameServer(all, {})
    const many = Array.from({ length: 5 }, (_, i) => ({ ...address, value: `127.0.1.${i}` }))
    const given = settings(
      { kinds: ['reverse-dns'], paceMs: { certificate: 0, registration: 0, 'reverse-dns': 60 } },
      [dns.address],
    )
    const started = performance.now()
    await lookUp(many, given, await openCache())
    expect(performance.now() - started).toBeGreaterThan(230)
    expect(dns.heard.length).toBe(5)
  })
})

describe('what was learned', () => {
  it('is kept in the data folder until it is old, and asked again then', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-outside-'))
    try {
      const dns = await nameServer(all, { 'PTR 1.0.0.127.in-addr.arpa': ['host.example.net'] })
      const given = settings({ kinds: ['reverse-dns'] }, [dns.address])
      let nowMs = 1_000_000
      const run = async () => {
        const cache = await openCache(folder, () => nowMs)
        const answers = await lookUp([address], given, cache)
        await cache.save()
        return answers.get(address.value)
      }
      const expected = [{ kind: 'reverse-dns', names: ['host.example.net'] }]
      expect(await run()).toEqual(expected)
      expect(await run()).toEqual(expected)
      expect(dns.heard.length).toBe(1)
      expect(statSync(path.join(folder, 'outside-knowledge.json')).mode & 0o777).toBe(0o600)
      nowMs += 2 * 86_400_000
      expect(await run()).toEqual(expected)
      expect(dns.heard.length).toBe(2)

      const file = path.join(folder, 'outside-knowledge.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace('["host.example.net"]', '[{"a":1}]'))
      expect(await run()).toEqual(expected)
      writeFileSync(file, '{"reverse-dns')
      expect(await run()).toEqual(expected)
      expect(dns.heard.length).toBe(4)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('does not need a folder that can be written', async () => {
    const cache = await openCache('/proc/self/nowhere')
    cache.set('a', 1, 1000)
    await cache.save()
    expect(cache.get('a')).toBe(1)
  })
})
