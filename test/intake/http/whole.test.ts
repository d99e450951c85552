import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { withFolder } from '../../ingest/place.ts'
import { give, openIn, stream } from '../../spool/place.ts'
import { bearer, openIntake } from './sender.ts'

const small = 'small'
const large = 'x'.repeat(12_000)

/** Of each protocol, a request with lines of two streams. */
const requests = {
  Loki: {
    url: '/loki/api/v1/push',
    body: (lines: readonly string[]) =>
      JSON.stringify({
        streams: lines.map((line, i) => ({
          stream: { job: `s${i}` },
          values: [['1772856306000000000', line]],
        })),
      }),
    full: 429,
  },
  HEC: {
    url: '/services/collector',
    body: (lines: readonly string[]) =>
      lines.map((line, i) => JSON.stringify({ event: line, source: `s${i}` })).join('\n'),
    full: 503,
  },
  OTLP: {
    url: '/v1/logs',
    body: (lines: readonly string[]) =>
      JSON.stringify({
        resourceLogs: lines.map((line, i) => ({
          resource: { attributes: [{ key: 'service.name', value: { stringValue: `s${i}` } }] },
          scopeLogs: [{ logRecords: [{ body: { stringValue: line } }] }],
        })),
      }),
    full: 429,
  },
}

describe('a request with several streams', () => {
  it.each(Object.entries(requests))('of %s is taken as a whole or not at all', (_, { url, body, full }) =>
    withFolder(async (folder) => {
      const spool = await openIn(path.join(folder, 'spool'), { maxBytes: 20_000 })
      const { app } = openIntake({ spool })
      const post = async (lines: readonly string[]): Promise<number> => {
        const headers = { ...bearer, 'content-type': 'application/json' }
        return (await app.inject({ method: 'POST', url, headers, payload: body(lines) })).statusCode
      }
      const waiting = () => spool.stats().streams.map(({ waiting }) => waiting)
      await give(spool, stream('before'), ['x'.repeat(10_000)])
      // There is room for the small one alone: a sender that is refused sends both again.
      expect(await post([small, large])).toBe(full)
      expect(await post([small, large])).toBe(full)
      expect(waiting()).toEqual([1])
      expect(await post([small, small])).toBeLessThan(300)
      expect(waiting()).toEqual([1, 1, 1])
      await spool.close()
    }),
  )

  it('that is larger than what may ever wait is told so', () =>
    withFolder(async (folder) => {
      const spool = await openIn(path.join(folder, 'spool'), { maxBytes: 20_000 })
      const { app } = openIntake({ spool })
      const payload = requests.Loki.body([large, large])
      const headers = { ...bearer, 'content-type': 'application/json' }
      const response = await app.inject({ method: 'POST', url: requests.Loki.url, headers, payload })
      expect(response.statusCode).toBe(413)
      expect(response.body).toContain('at most 20000 bytes may wait')
      await spool.close()
    }))
})
