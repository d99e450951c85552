import { describe, expect, it } from 'vitest'
import { huntLines, named, quietSite, requestLine } from './story.ts'

const quiet = quietSite(2, 200)

describe('web-client-kmeans', () => {
  it('is not part of a hunt unless it is named', async () => {
    const report = await huntLines(quiet)
    expect(report.summary.detectors).toContain('web-client-behaviour')
    expect(report.summary.detectors).not.toContain('web-client-kmeans')
  })

  it('sees a flood', async () => {
    const flood = Array.from({ length: 900 }, (_, i) =>
      requestLine(50_000 + i * 0.05, { client: '203.0.113.5', target: '/', status: 503, bytes: 0 }),
    )
    const report = await huntLines([...quiet, ...flood], { detectors: ['web-client-kmeans'] })
    expect(named(report)[0]).toBe('web-client-kmeans: 203.0.113.5')
  })
})
