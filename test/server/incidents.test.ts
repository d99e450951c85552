import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncidentRow, LiveEvent } from '../../src/api/api.ts'
import { recordFindings } from '../../src/store/findings.ts'
import type { UserRow } from '../../src/store/users.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { addUser, runServer, signedIn, startMs, type Running } from './running.ts'

const hour = 3_600_000

describe('incidents and verdicts', () => {
  let server: Running
  let ann: UserRow
  const told: LiveEvent[] = []
  beforeAll(async () => {
    server = await runServer({ premises: { assets: new Map([['203.0.113.9', 2]]) } })
    ann = await addUser(server, 'ann', 'analyst')
    server.pass(8 * hour)
    const scan = { entity: { source_ip: '198.51.100.7' }, detector: 'scan', attack: ['T1595'] }
    const guess = { entity: { source_ip: '203.0.113.9' }, detector: 'guess', severity: 'high' as const }
    const script = { entity: { user_name: '<img src=x onerror=alert(1)>' }, detector: 'scan' }
    await recordFindings(server.context.store.db, {
      findings: [
        { finding: makeFinding({ rank: 1, at: 10, ...scan }), rarity: 4, state: 'shown' },
        { finding: makeFinding({ rank: 2, at: 11, ...scan, detector: 'guess' }), rarity: 3, state: 'shown' },
        { finding: makeFinding({ rank: 3, at: 12, ...guess }), rarity: 5, state: 'shown' },
        { finding: makeFinding({ rank: 4, at: 13, ...script }), rarity: 2, state: 'shown' },
        { finding: makeFinding({ rank: 5, at: 14, ...guess }), rarity: 0, state: 'below' },
      ],
      surroundings: noSurroundings,
      nowMs: startMs + 8 * hour,
    })
    server.context.bus.subscribe((event) => told.push(event))
  })
  afterAll(() => server.close())

  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const headers = await signedIn(server, ann)
    const answer = await server.app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: answer.statusCode, body: answer.json() }
  }

  const list = async (query = ''): Promise<IncidentRow[]> =>
    (await ask('GET', `/api/incidents${query}`)).body.incidents

  it('are listed by filter, a page at a time, with a total', async () => {
    const { body } = await ask('GET', '/api/incidents?sort=opened&limit=2')
    expect([body.total, body.incidents.length]).toEqual([3, 2])
    const rest = await ask('GET', `/api/incidents?sort=opened&limit=2&cursor=${body.next}`)
    expect([rest.body.incidents.length, rest.body.next]).toEqual([1, null])
    expect((await list('?severity=high,critical')).length).toBe(1)
    expect((await list('?state=open&entity=198.51')).length).toBe(1)
    expect((await list('?from=6h')).length).toBe(3)
    expect((await list('?from=2026-03-03')).length).toBe(0)
    expect((await ask('GET', '/api/incidents?from=soon')).body.error.code).toBe('invalid-time')
  })

  it('change hands and states, and the change is told, written down and found again', async () => {
    const [incident] = await list('?severity=high')
    const url = `/api/incidents/${incident?.id}`
    told.length = 0
    const taken = await ask('PATCH', url, { owner: ann.id, state: 'acknowledged' })
    expect(taken.body).toMatchObject({ state: 'acknowledged', owner: { id: ann.id, name: 'ann' } })
    expect(told.map(({ kind }) => kind)).toEqual(['incident'])
    expect(await list('?owner=me')).toHaveLength(1)
    expect((await ask('PATCH', url, { state: 'closed' })).body.error.code).toBe('invalid-request')
    expect((await ask('POST', `${url}/notes`, { text: 'Looked at **it**' })).status).toBe(200)
    const closed = await ask('PATCH', url, { state: 'closed', reason: 'threat' })
    expect(closed.body).toMatchObject({ state: 'closed', reason: 'threat' })
    const page = (await ask('GET', url)).body
    expect(
      page.history.map(({ kind, who }: { kind: string; who: { name: string } | null }) => [kind, who?.name]),
    ).toEqual([
      ['opened', undefined],
      ['state', 'ann'],
      ['owner', 'ann'],
      ['note', 'ann'],
      ['state', 'ann'],
    ])
    const rows = await server.context.store.db
      .selectFrom('audit')
      .select(['who', 'action', 'target'])
      .execute()
    expect(rows.filter(({ target }) => target === incident?.id).map(({ action }) => action)).toEqual([
      'incident changed',
      'note added',
      'incident changed',
    ])
    expect((await ask('PATCH', url, { state: 'open' })).body.state).toBe('open')
  })

  it('change together, or not at all', async () => {
    const ids = (await list()).map(({ id }) => id)
    const wrong = await ask('POST', '/api/incidents/change', {
      ids: [...ids, 'nothing'],
      change: { state: 'acknowledged' },
    })
    expect(wrong.body.error.code).toBe('unknown-incident')
    expect(await list('?state=open')).toHaveLength(3)
    const right = await ask('POST', '/api/incidents/change', { ids, change: { state: 'acknowledged' } })
    expect(right.body.incidents).toHaveLength(3)
    expect(await list('?state=open')).toHaveLength(0)
    await ask('POST', '/api/incidents/change', { ids, change: { state: 'open' } })
  })

  it('go into one another, and are taken apart', async () => {
    const [a, b] = await list('?sort=opened')
    const merged = await ask('POST', `/api/incidents/${a?.id}/merge`, { into: b?.id })
    expect(merged.body).toMatchObject({ id: b?.id, findings: 2 })
    expect(await list()).toHaveLength(2)
    const page = (await ask('GET', `/api/incidents/${b?.id}`)).body
    const split = await ask('POST', `/api/incidents/${b?.id}/split`, { findings: [page.findings[1].id] })
    expect(split.body.findings).toBe(1)
    // Told anew by what the server's assets are worth, which they were recorded without.
    const left = (await ask('GET', `/api/incidents/${b?.id}`)).body.incident
    expect(left.findings).toBe(1)
    expect(left.risk).toBeGreaterThan(b?.risk ?? 100)
    expect(await list()).toHaveLength(3)
    expect((await ask('POST', `/api/incidents/${b?.id}/merge`, { into: b?.id })).status).toBe(400)
  })

  it('are hidden by a verdict after a look at what it would hide, and seen again without it', async () => {
    const verdict = { verdict: 'expected', scope: { entity: { kind: 'source_ip', value: '203.0.113.9' } } }
    const preview = (await ask('POST', '/api/verdicts/preview', verdict)).body
    expect([preview.findings, preview.incidents.length]).toEqual([1, 1])
    expect(await list('?state=open')).toHaveLength(3)
    const given = await ask('POST', '/api/verdicts', { ...verdict, note: 'our scanner' })
    expect(given.body).toMatchObject({ verdict: 'expected', hides: 1, by: { name: 'ann' } })
    expect(await list('?state=open')).toHaveLength(2)
    expect((await ask('GET', '/api/findings?state=hidden')).body.findings).toHaveLength(1)
    expect((await ask('DELETE', `/api/verdicts/${given.body.id}`)).status).toBe(200)
    expect(await list('?state=open')).toHaveLength(3)
    expect((await ask('GET', '/api/verdicts')).body.verdicts[0].revoked).not.toBe(null)
    expect((await ask('POST', '/api/verdicts', { verdict: 'expected', scope: {} })).status).toBe(400)
    const past = { ...verdict, expires: '2020-01-01T00:00:00Z' }
    expect((await ask('POST', '/api/verdicts', past)).body.error.code).toBe('invalid-change')
  })

  it('keep findings to be read, also those below the line', async () => {
    const { findings } = (await ask('GET', '/api/findings?state=below')).body
    expect(findings).toHaveLength(1)
    const whole = (await ask('GET', `/api/findings/${findings[0].id}`)).body
    expect(whole).toMatchObject({ id: 'f5', evidence: { lines: [] } })
    expect((await ask('GET', '/api/findings/none')).status).toBe(404)
  })

  it('show script in what a log said as the text it is', async () => {
    const headers = await signedIn(server, ann)
    const answer = await server.app.inject({ url: '/api/incidents?entity=onerror', headers })
    expect(answer.json().incidents).toHaveLength(1)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(server.logged.join('')).not.toContain('onerror')
  })
})
