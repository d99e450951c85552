import { describe, expect, it } from 'vitest'
import { moveTimes } from '../../src/serve/replay.ts'

const day = 86_400_000

describe('lines that are replayed', () => {
  it('are moved in time, whichever way they tell it, and else left as they are', () => {
    expect(
      moveTimes(
        '198.51.100.7 - - [28/Feb/2026:23:59:59 +0000] "GET /2026-02-28 HTTP/1.1" 200 5 "-" "-"',
        day,
      ),
    ).toBe('198.51.100.7 - - [01/Mar/2026:23:59:59 +0000] "GET /2026-02-28 HTTP/1.1" 200 5 "-" "-"')
    expect(moveTimes('2026-02-22T00:00:01.015572+00:00 web-01 sshd[1206]: up', 1000)).toBe(
      '2026-02-22T00:00:02.015572+00:00 web-01 sshd[1206]: up',
    )
    expect(moveTimes('{"time_iso8601":"2026-03-04T08:00:11+00:00"}', -day)).toBe(
      '{"time_iso8601":"2026-03-03T08:00:11+00:00"}',
    )
    expect(moveTimes('no time at all', day)).toBe('no time at all')
  })
})
