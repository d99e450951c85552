import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectationsOf, caseFolders, readAssertions } from '../../bench/quality/parser-cases.ts'
import { agrees, parserQuality, parsersText } from '../../bench/quality/parsers.ts'

const log = [
  'Mar  7 04:05:06 web sshd[7]: Failed password for alice from 192.0.2.7 port 4022 ssh2',
  'Mar  7 04:05:06 web sshd[7]: Failed password for alice from 192.0.2.7 port 4022 ssh2',
  'Mar  7 04:05:09 web other[8]: something else',
]

const message = 'Failed password for alice from 192.0.2.7 port 4022 ssh2'

const assertions = [
  'len(results["s01-parse"]["x/sshd"]) == 2',
  'results["s01-parse"]["x/sshd"][0].Success == true',
  ...[0, 1].flatMap((i) => [
    `results["s01-parse"]["x/sshd"][${i}].Evt.Parsed["message"] == "${message}"`,
    `results["s01-parse"]["x/sshd"][${i}].Evt.Meta["source_ip"] == "192.0.2.${7 + i}"`,
    `results["s01-parse"]["x/sshd"][${i}].Evt.Parsed["program"] == "sshd"`,
    `results["s01-parse"]["x/sshd"][${i}].Evt.Parsed["unknown"] == "x"`,
  ]),
  'results["s02-enrich"]["x/dates"][0].Evt.Parsed["message"] == "something else"',
  'results["s02-enrich"]["x/dates"][0].Evt.Meta["timestamp"][4:] == "-03-07T04:05:09Z"',
  'results["s02-enrich"]["x/dates"][1].Evt.Meta["source_ip"] == "192.0.2.1"',
].join('\n')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'winnow-cases-'))
  const one = path.join(folder, 'ssh')
  mkdirSync(one)
  writeFileSync(path.join(one, 'config.yaml'), 'log_file: ssh.log\nlog_type: syslog\n')
  writeFileSync(path.join(one, 'ssh.log'), `${log.join('\n')}\n`)
  writeFileSync(path.join(one, 'parser.assert'), assertions)
  mkdirSync(path.join(folder, 'empty'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('parser cases', () => {
  it('find the line of each result, and leave out what says no line', () => {
    const expected = expectationsOf(log, readAssertions(assertions))
    expect([...expected.keys()]).toEqual([0, 1, 2])
    expect(expected.get(1)?.get('Meta.source_ip')).toBe('192.0.2.8')
    expect(expected.get(2)?.get('Meta.timestamp[4:]')).toBe('-03-07T04:05:09Z')
  })

  it('are judged line by line, what is only carried along apart', async () => {
    const results = await parserQuality(caseFolders(folder))
    expect(results).toMatchObject([
      {
        name: 'ssh',
        logType: 'syslog',
        readAs: ['sshd', 'syslog'],
        lines: 3,
        understood: 2,
        values: 4,
        agreed: 3,
        valuesElsewhere: 1,
        agreedElsewhere: 1,
        disagreements: [{ line: 2, name: 'Meta.source_ip', expected: '192.0.2.8' }],
      },
    ])
    expect(parsersText(results)).toContain('| syslog      | 1     | sshd syslog | 2 of 3 (67%)')
  }, 60_000)

  it('compare only what there is a column and a value for', () => {
    const event = {
      http_response_status_code: 404,
      timestamp: '2026-03-07T04:05:06.123Z',
      url_path: '/a',
      url_query: 'b',
    }
    expect(agrees(event, 'Parsed.status', '404', 'nginx')).toBe(true)
    expect(agrees(event, 'Parsed.status', '200', 'nginx')).toBe(false)
    expect(agrees(event, 'Parsed.request', '/a?b', 'nginx')).toBe(true)
    expect(agrees(event, 'Parsed.remote_user', '-', 'nginx')).toBeUndefined()
    expect(agrees(event, 'Parsed.program', 'nginx', 'nginx')).toBeUndefined()
    expect(agrees(event, 'Enriched.MarshaledTime', '2026-03-07T05:05:06+01:00', 'nginx')).toBe(true)
    expect(agrees(undefined, 'Meta.source_ip', '192.0.2.7', 'nginx')).toBe(false)
  })
})
