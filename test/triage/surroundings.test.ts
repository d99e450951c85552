import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { foldIncidents } from '../../src/triage/incidents.ts'
import { learnSurroundings } from '../../src/triage/surroundings.ts'
import { insertEvents, openTestEngine, type TestEvent } from '../features/insert-events.ts'
import { makeFinding } from './make-finding.ts'

const client = (n: number): string => `192.0.2.${20 + n}`
const proxy = '192.0.2.3'
const server = '203.0.113.80'

/** Thirty clients that reach places through a proxy, and a server everybody talks to. */
const flows: TestEvent[] = Array.from({ length: 30 }, (_, n): TestEvent[] => [
  {
    at: n,
    category: 'flow',
    source_ip: client(n),
    destination_ip: proxy,
    destination_address: proxy,
    network_direction: 'internal',
  },
  {
    at: n,
    category: 'flow',
    source_ip: proxy,
    destination_address: `place${n}.example.com`,
    network_direction: 'outbound',
  },
  {
    at: n,
    category: 'flow',
    source_ip: client(n),
    destination_ip: server,
    destination_address: server,
    network_direction: 'outbound',
  },
]).flat()

const names: TestEvent[] = [
  { at: 1, category: 'auth', host_name: 'desk-4', host_ip: client(4) },
  {
    at: 2,
    category: 'flow',
    source_ip: client(5),
    destination_ip: '203.0.113.9',
    destination_domain: 'c2.example.com',
    destination_address: 'c2.example.com',
    network_direction: 'outbound',
  },
  {
    at: 3,
    category: 'flow',
    source_ip: client(5),
    destination_ip: '203.0.113.7',
    destination_domain: 'a.cdn.example.com',
    destination_address: 'a.cdn.example.com',
  },
  {
    at: 4,
    category: 'flow',
    source_ip: client(5),
    destination_ip: '203.0.113.7',
    destination_domain: 'b.cdn.example.com',
    destination_address: 'b.cdn.example.com',
  },
]

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openTestEngine()
  engine = opened.engine
  close = opened.close
  await insertEvents(engine, [...flows, ...names])
})

afterAll(() => close())

const around = async (entities: readonly Readonly<Record<string, string>>[]) => {
  const findings = entities.map((entity, i) => makeFinding({ rank: i + 1, entity }))
  const surroundings = await learnSurroundings(engine, findings, new Map())
  return { surroundings, stories: foldIncidents(findings, surroundings).map((incident) => incident.findings) }
}

describe('surroundings', () => {
  it('know the names of a machine that a log puts beside its address', async () => {
    const { surroundings, stories } = await around([{ host_name: 'DESK-4' }, { source_ip: client(4) }])
    expect([...surroundings.aliases]).toEqual([['desk-4', client(4)]])
    expect(stories).toEqual([['f1', 'f2']])
  })

  it('know a destination by its name and its address, but not the names of a content network', async () => {
    const { surroundings, stories } = await around([
      { source_ip: client(5), destination_address: 'c2.example.com' },
      { source_ip: client(6), destination_address: '203.0.113.9' },
      { source_ip: client(7), destination_address: 'a.cdn.example.com' },
      { source_ip: client(8), destination_address: '203.0.113.7' },
    ])
    expect([...surroundings.aliases]).toEqual([['c2.example.com', '203.0.113.9']])
    expect(stories).toEqual([['f1', 'f2'], ['f3'], ['f4']])
  })

  it('know a proxy, which does what others ask', async () => {
    const { surroundings, stories } = await around([
      { source_ip: proxy, destination_address: 'place3.example.com' },
      { source_ip: proxy, destination_address: 'place9.example.com' },
    ])
    expect([...surroundings.intermediaries]).toEqual([proxy])
    expect(stories).toHaveLength(2)
  })

  it('know how many talk to a server, and whether it lies inside', async () => {
    const { surroundings, stories } = await around([
      { source_ip: client(1), destination_address: server },
      { source_ip: client(2), destination_address: server },
    ])
    expect(surroundings.clients.get(server)).toBe(30)
    expect([...surroundings.own]).toEqual([])
    expect(stories).toHaveLength(2)
    const inside = await around([
      { source_ip: client(1), destination_ip: proxy },
      { source_ip: client(2), destination_ip: proxy },
    ])
    expect([...inside.surroundings.own]).toEqual([proxy])
  })
})
