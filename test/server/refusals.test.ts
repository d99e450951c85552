import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { AppError, errorTable, type ErrorCode } from '../../src/errors.ts'
import { refusal } from '../../src/server/refusals.ts'
import { addUser, runServer, signedIn } from './running.ts'

// The table's own keys.
const codes = Object.keys(errorTable) as ErrorCode[]
const failures = codes.filter((code) => errorTable[code].httpStatus >= 500)

const inside = { path: '/srv/inside', url: 'http://inside', place: 'inside', address: 'inside' }

const toldOf = (error: unknown): string => refusal(error, 'r-1').body.error.message

describe('an error told outside', () => {
  it.each(failures)('of the code %s keeps code and status, and says nothing of the inside', (code) => {
    const { status, body } = refusal(new AppError(code, { ...inside, problem: 'inside' }), 'r-1')
    expect([status, body.error.code]).toEqual([errorTable[code].httpStatus, code])
    expect(body.error.message).not.toMatch(/inside/)
  })

  it('says under which request the log has the rest', () => {
    expect(toldOf(new AppError('engine-failed', { problem: 'Code: 6. DB::Exception' }))).toBe(
      "the engine refused a query. The server's log says more, under request r-1",
    )
    expect(toldOf(new AppError('disk-full', { path: '/srv' }))).toContain('free some space')
  })

  it('keeps the words a person needs', () => {
    for (const error of [
      new AppError('timed-out', { seconds: 20 }),
      new AppError('out-of-memory', { limit: '1000 MB' }),
      new AppError('spool-full', { bytes: 9, maxBytes: 8, retrySeconds: 3 }),
      new AppError('invalid-query', { problem: 'expected a value', position: 7 }),
    ])
      expect(toldOf(error)).toBe(error.message)
  })

  it('is whole in the log', async () => {
    const problem = 'Code: 6. DB::Exception: Cannot parse DateTime at node7.internal'
    const engine = new Proxy(
      {},
      {
        get: (_, name) =>
          name === 'then' ? undefined : () => Promise.reject(new AppError('engine-failed', { problem })),
      },
    ) as Engine
    const server = await runServer({ engine })
    const headers = await signedIn(server, await addUser(server, 'vera', 'viewer'))
    const answer = await server.app.inject({ url: '/api/search/values?field=path', headers })
    const { error } = answer.json<{ error: { code: string; message: string } }>()
    expect([answer.statusCode, error.code]).toEqual([500, 'engine-failed'])
    expect(answer.body).not.toContain('node7')
    const id = error.message.split(' ').at(-1) ?? ''
    const logged = server.logged.filter((line) => line.includes(problem))
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain(id)
    await server.close()
  })
})
