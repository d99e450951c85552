import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldIncidents } from '../../src/triage/incidents.ts'
import { noSurroundings, type Surroundings } from '../../src/triage/identity.ts'
import { makeFinding } from './make-finding.ts'

const attacker = { source_ip: '198.51.100.7' }
const other = { source_ip: '198.51.100.8' }

const stories = (findings: ReturnType<typeof makeFinding>[], surroundings: Partial<Surroundings> = {}) =>
  foldIncidents(findings, { ...noSurroundings, ...surroundings })
    .map(({ findings: ids }) => ids.toSorted().join(' '))
    .toSorted()

describe('one story', () => {
  it('is what one actor does within a day', () => {
    expect(
      stories([
        makeFinding({ rank: 1, entity: attacker, at: 10 }),
        makeFinding({ rank: 2, entity: other, at: 10 }),
        makeFinding({ rank: 3, entity: attacker, at: 33 }),
        makeFinding({ rank: 4, entity: attacker, at: 200 }),
      ]),
    ).toEqual(['f1 f3', 'f2', 'f4'])
  })

  it('is one actor from two sides: alone, and with a user', () => {
    const pair = { user_name: 'alice', source_ip: '198.51.100.7' }
    const [incident, ...rest] = foldIncidents([
      makeFinding({ rank: 1, entity: attacker }),
      makeFinding({ rank: 2, entity: pair }),
      makeFinding({ rank: 3, entity: { user_name: 'Alice' } }),
    ])
    expect(rest).toEqual([])
    expect(incident?.entities).toEqual([
      { kind: 'source_ip', value: '198.51.100.7', role: 'actor' },
      { kind: 'user_name', value: 'alice', role: 'actor' },
    ])
  })

  it('is one machine under its address and its name, where the logs say so', () => {
    const findings = [
      makeFinding({ rank: 1, entity: { source_ip: '192.0.2.9' } }),
      makeFinding({ rank: 2, entity: { host_name: 'Desk-9' } }),
    ]
    expect(stories(findings)).toHaveLength(2)
    expect(stories(findings, { aliases: new Map([['desk-9', '192.0.2.9']]) })).toEqual(['f1 f2'])
  })

  it('is two clients at one destination that hardly anybody else turns to', () => {
    const findings = ['192.0.2.31', '192.0.2.32', '192.0.2.33', '192.0.2.34'].map((source_ip, i) =>
      makeFinding({ rank: i + 1, entity: { source_ip, destination_address: 'c2.example.com' } }),
    )
    expect(stories(findings, { clients: new Map([['c2.example.com', 5]]) })).toEqual(['f1 f2 f3 f4'])
  })

  it('is the same destination by name in one log and by address in another', () => {
    expect(
      stories([
        makeFinding({ rank: 1, entity: { source_ip: '192.0.2.31', destination_address: '203.0.113.5' } }),
        makeFinding({
          rank: 2,
          entity: { source_ip: '192.0.2.32', destination_address: 'c2.example.com' },
          related: [{ kind: 'destination_ip', value: '203.0.113.5' }],
        }),
      ]),
    ).toEqual(['f1 f2'])
  })

  it('goes on where a victim acts, or a user who was mentioned', () => {
    expect(
      stories([
        makeFinding({ rank: 1, entity: { source_ip: '198.51.100.7', destination_ip: '192.0.2.5' }, at: 10 }),
        makeFinding({ rank: 2, entity: { source_ip: '192.0.2.5' }, at: 11 }),
        makeFinding({
          rank: 3,
          entity: { source_ip: '198.51.100.99' },
          related: [{ kind: 'user_name', value: 'bob' }],
        }),
        makeFinding({ rank: 4, entity: { user_name: 'bob', host_name: 'db1' }, at: 12 }),
      ]),
    ).toEqual(['f1 f2', 'f3 f4'])
  })
})

describe('logs', () => {
  const silent = (rank: number, source: string, at: number, until: number) =>
    makeFinding({
      rank,
      entity: { source },
      at,
      until,
      detector: 'source-silent',
      phrase: 'fell silent for 5 hours',
    })

  it('that stop and go on together are one story, and others are not', () => {
    const findings = [silent(1, 'a.log', 10, 15), silent(2, 'b.log', 10.2, 15), silent(3, 'c.log', 2, 15)]
    expect(stories(findings)).toEqual(['f1 f2', 'f3'])
    expect(foldIncidents(findings)[0]?.title).toBe('a.log and b.log fell silent for 5 hours')
  })

  it('of a machine belong to what else the machine did', () => {
    const host = makeFinding({ rank: 1, entity: { source: 'all.log', host_name: 'vault' } })
    expect(stories([host, makeFinding({ rank: 2, entity: { host_name: 'vault' } })])).toEqual(['f1 f2'])
  })
})

describe('unrelated attackers', () => {
  const two = (entity: (n: number) => Readonly<Record<string, string>>) =>
    [1, 2].map((rank) => makeFinding({ rank, entity: entity(rank) }))

  it('stay apart at a server that everyone talks to', () => {
    const findings = two((n) => ({ source_ip: `198.51.100.${n}`, destination_ip: '203.0.113.80' }))
    expect(stories(findings, { clients: new Map([['203.0.113.80', 400]]) })).toHaveLength(2)
    expect(stories(findings, { own: new Set(['203.0.113.80']) })).toHaveLength(2)
  })

  it('stay apart though they ask the same name server', () => {
    const asks = (rank: number, domain: string) =>
      makeFinding({
        rank,
        entity: { source_ip: `192.0.2.${rank}`, dns_question_registered_domain: domain },
        related: [{ kind: 'destination_ip', value: '192.0.2.200' }],
      })
    expect(stories([asks(1, 'a.example.com'), asks(2, 'b.example.com')])).toEqual(['f1', 'f2'])
  })

  it('stay apart where they share a program, a port or a user they guessed', () => {
    const related = [
      { kind: 'user_agent', value: 'curl/8' },
      { kind: 'destination_port', value: '22' },
      { kind: 'user_name', value: 'root' },
      { kind: 'host_name', value: 'gate' },
    ]
    expect(
      stories(two((n) => ({ source_ip: `198.51.100.${n}` })).map((one) => ({ ...one, related }))),
    ).toEqual(['f1', 'f2'])
    expect(stories(two((n) => ({ source_ip: `192.0.2.${n}`, destination_port: '4444' })))).toHaveLength(2)
  })

  it('stay two though one of them got through to the victim', () => {
    const found = [
      makeFinding({ rank: 1, entity: { source_ip: '198.51.100.1', destination_ip: '192.0.2.5' }, at: 1 }),
      makeFinding({ rank: 2, entity: { source_ip: '198.51.100.2', destination_ip: '192.0.2.5' }, at: 9.5 }),
      makeFinding({ rank: 3, entity: { source_ip: '192.0.2.5', destination_address: 'c2.example.com' } }),
    ]
    expect(stories(found, { own: new Set(['192.0.2.5']) })).toEqual(['f1', 'f2 f3'])
  })

  it('are not the callers that a busy server has among others', () => {
    const server = makeFinding({
      rank: 1,
      entity: { destination_ip: '203.0.113.80' },
      related: [1, 2, 3, 4].map((n) => ({ kind: 'source_ip', value: `192.0.2.${n}` })),
    })
    const clients = [1, 2].map((n) => makeFinding({ rank: n + 1, entity: { source_ip: `192.0.2.${n}` } }))
    expect(stories([server, ...clients])).toEqual(['f1', 'f2', 'f3'])
    const known = { ...server, related: server.related.slice(0, 1) }
    expect(stories([known, ...clients])).toEqual(['f1 f2', 'f3'])
  })

  it('did not cause what had begun days before', () => {
    const attack = makeFinding({
      rank: 1,
      entity: { source_ip: '198.51.100.1', destination_ip: '192.0.2.5' },
      at: 80,
    })
    const victim = (at: number) =>
      makeFinding({ rank: 2, entity: { source_ip: '192.0.2.5' }, at, until: 160 })
    expect(stories([attack, victim(8)])).toHaveLength(2)
    expect(stories([attack, victim(70)])).toHaveLength(1)
  })

  it('are not told from a crowd of others who tried the same user', () => {
    const crowd = [1, 2, 3, 4].map((rank) =>
      makeFinding({
        rank,
        entity: { source_ip: `198.51.100.${rank}` },
        related: [{ kind: 'user_name', value: 'root' }],
      }),
    )
    const user = makeFinding({ rank: 5, entity: { user_name: 'root', host_name: 'db1' } })
    expect(stories([...crowd, user])).toHaveLength(5)
  })

  it('stay apart behind a proxy, unless they turn to the same place', () => {
    const proxy = { intermediaries: new Set(['192.0.2.3']) }
    const through = (destination: string, rank: number) =>
      makeFinding({ rank, entity: { source_ip: '192.0.2.3', destination_address: destination } })
    expect(stories([through('a.example.com', 1), through('b.example.com', 2)], proxy)).toHaveLength(2)
    expect(stories([through('a.example.com', 1), through('a.example.com', 2)], proxy)).toHaveLength(1)
  })
})

describe('an incident', () => {
  const findings = [
    makeFinding({
      rank: 1,
      detector: 'login-success-after-failures',
      severity: 'critical',
      entity: attacker,
      at: 11,
      attack: ['T1078', 'T1110'],
      phrase: 'got in as root',
    }),
    makeFinding({
      rank: 2,
      detector: 'login-brute-force',
      entity: attacker,
      at: 10,
      attack: ['T1110.001'],
      phrase: 'guessed passwords of 12 users',
    }),
    makeFinding({
      rank: 3,
      detector: 'network-scan',
      severity: 'high',
      entity: attacker,
      at: 12,
      attack: ['T1046'],
      title: '198.51.100.7 tried one port of 40 addresses',
    }),
  ]

  it('is told in the order it happened, by phrases or else by titles', () => {
    expect(foldIncidents(findings)[0]?.title).toBe(
      '198.51.100.7 guessed passwords of 12 users, then got in as root, then tried one port of 40 addresses',
    )
    expect(foldIncidents(findings.slice(2))[0]?.title).toBe('198.51.100.7 tried one port of 40 addresses')
  })

  it('says once what several machines do at one place', () => {
    const calls = ['192.0.2.31', '192.0.2.32', '192.0.2.33', '192.0.2.34'].map((source_ip, i) =>
      makeFinding({
        rank: i + 1,
        entity: { source_ip, destination_address: 'c2.example.com' },
        phrase: 'called c2.example.com every 5 minutes',
      }),
    )
    expect(foldIncidents(calls)[0]?.title).toBe(
      '192.0.2.31 and 3 others called c2.example.com every 5 minutes',
    )
  })

  it('does not say of one machine what another of its story did', () => {
    const call = (rank: number, source_ip: string, destination_address: string) =>
      makeFinding({
        rank,
        entity: { source_ip, destination_address },
        phrase: `called ${destination_address}`,
      })
    const [incident] = foldIncidents([
      call(1, '192.0.2.23', 'a.example.com'),
      call(2, '192.0.2.23', 'b.example.com'),
      call(3, '192.0.2.31', 'b.example.com'),
    ])
    expect(incident?.title).toBe('192.0.2.23 called a.example.com; 192.0.2.31 called b.example.com')
  })

  it('says once what two logs tell of one connection', () => {
    const [incident] = foldIncidents([
      makeFinding({
        rank: 1,
        entity: { source_ip: '192.0.2.31', destination_address: 'c2.example.com' },
        phrase: 'called c2.example.com every 5 minutes',
      }),
      makeFinding({
        rank: 2,
        entity: { source_ip: '192.0.2.31', destination_address: '203.0.113.5' },
        phrase: 'called 203.0.113.5 every 5 minutes',
      }),
    ])
    expect(incident?.title).toBe('192.0.2.31 called c2.example.com every 5 minutes')
  })

  it('has its tactics in the order of an attack, its time, and the severity of its worst finding', () => {
    const [incident] = foldIncidents(findings)
    expect(incident?.tactics).toEqual([
      { id: 'TA0001', name: 'Initial Access', techniques: ['T1078'] },
      { id: 'TA0006', name: 'Credential Access', techniques: ['T1110.001'] },
      { id: 'TA0007', name: 'Discovery', techniques: ['T1046'] },
    ])
    expect(incident).toMatchObject({
      severity: 'critical',
      first: '2026-03-02T10:00:00.000Z',
      last: '2026-03-02T12:00:00.000Z',
      events: 3,
    })
  })

  it('keeps its id while its strongest finding is the same', () => {
    const id = foldIncidents(findings)[0]?.id
    expect(id).toMatch(/^[0-9a-f]{16}$/)
    expect(foldIncidents(findings.slice(0, 2))[0]?.id).toBe(id)
    expect(foldIncidents(findings.slice(1))[0]?.id).not.toBe(id)
  })

  it('is none where there is no finding', () => {
    expect(foldIncidents([])).toEqual([])
  })
})

describe('the risk', () => {
  const riskOf = (found: ReturnType<typeof makeFinding>[], assets = new Map<string, number>()): number =>
    foldIncidents(found, { ...noSurroundings, assets })[0]?.risk ?? 0
  const one = (rank: number, attack: string, detector = attack) =>
    makeFinding({ rank, entity: attacker, attack: [attack], detector, at: 10 + rank })

  it('grows less and less with what is alike, and more with another kind of evidence', () => {
    const [first, second, third] = [1, 2, 3].map((count) =>
      riskOf(Array.from({ length: count }, (_, i) => one(i + 1, 'T1595'))),
    )
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan((third ?? 0) - (second ?? 0))
    expect(riskOf([one(1, 'T1595'), one(2, 'T1595', 'another')])).toBeGreaterThan(second ?? 0)
  })

  it('is greater for an attack that gets further than for one that looks around', () => {
    const around = riskOf([one(1, 'T1595', 'a'), one(2, 'T1595', 'b'), one(3, 'T1595', 'c')])
    const advancing = riskOf([one(1, 'T1110', 'a'), one(2, 'T1021', 'b'), one(3, 'T1048', 'c')])
    const backwards = riskOf([one(3, 'T1110', 'a'), one(2, 'T1021', 'b'), one(1, 'T1048', 'c')])
    expect(advancing).toBeGreaterThan(around)
    expect(advancing).toBeGreaterThan(backwards)
  })

  it('follows what the user says an asset is worth', () => {
    const plain = riskOf([one(1, 'T1110')])
    expect(riskOf([one(1, 'T1110')], new Map([['198.51.100.7', 2]]))).toBeGreaterThan(plain)
    expect(riskOf([one(1, 'T1110')], new Map([['198.51.100.7', 0.5]]))).toBeLessThan(plain)
  })
})

describe('whatever the findings', () => {
  const value = fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.9', 'a.example.com', 'gate')
  const kind = fc.constantFrom(
    'source_ip',
    'user_name',
    'host_name',
    'destination_address',
    'destination_port',
  )
  const anyFindings = fc
    .array(
      fc.record({
        entity: fc.dictionary(kind, value, { minKeys: 1, maxKeys: 2 }),
        at: fc.integer({ min: 0, max: 200 }),
        lasts: fc.integer({ min: 0, max: 40 }),
        detector: fc.constantFrom('a', 'b', 'c'),
        severity: fc.constantFrom('low', 'medium', 'high', 'critical'),
        attack: fc.constantFrom(['T1595'], ['T1110'], ['T1021.004'], ['T1048'], []),
        related: fc.array(fc.record({ kind, value }), { maxLength: 3 }),
        surprise: fc.double({ min: 0, max: 20, noNaN: true }),
      }),
      { minLength: 1, maxLength: 14 },
    )
    .map((all) =>
      all.map((given, i) => makeFinding({ ...given, until: given.at + given.lasts, rank: i + 1 })),
    )
  const settings = { seed: 20_260_302, numRuns: 300 }

  it('each is in exactly one incident', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const held = foldIncidents(findings).flatMap((incident) => incident.findings)
        expect(held.toSorted()).toEqual(findings.map(({ id }) => id).toSorted())
      }),
      settings,
    )
  })

  it('their order does not matter', () => {
    fc.assert(
      fc.property(anyFindings, fc.integer(), (findings, turn) => {
        const at = Math.abs(turn) % findings.length
        const turned = [...findings.slice(at), ...findings.slice(0, at)].toReversed()
        expect(foldIncidents(turned)).toEqual(foldIncidents(findings))
      }),
      settings,
    )
  })

  it('one more of the same actor at the same time never makes a risk less', () => {
    fc.assert(
      fc.property(anyFindings, (findings) => {
        const acting = findings.map((one) => ({ ...one, entity: { kind: 'source_ip', value: '192.0.2.1' } }))
        const close = acting.map((one) => ({ ...one, last: '2026-03-30T00:00:00.000Z' }))
        const [all] = foldIncidents(close)
        const [without] = foldIncidents(close.slice(0, -1))
        expect(all?.risk ?? 0).toBeGreaterThanOrEqual(without?.risk ?? 0)
        expect(all?.risk ?? 0).toBeLessThanOrEqual(100)
      }),
      settings,
    )
  })
})
