import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hunt } from '../../src/hunt.ts'
import { quietSite, requestLine } from '../detectors/story.ts'
import { closing, nameServer } from './servers.ts'

const scanner = '203.0.113.66'
const all = closing()
let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-known-'))
})

afterAll(() => {
  all.all()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, text: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('a hunt', () => {
  it('says of what it found what a person’s files and those who were asked know', async () => {
    const lines = [
      ...quietSite(1, 60),
      ...Array.from({ length: 300 }, (_, i) =>
        requestLine(50_000 + i, { client: scanner, target: `/x${i % 90}/admin${i}.php`, status: 404 }),
      ),
    ].toSorted((a, b) => a.at - b.at)
    const log = write('access.log', lines.map((line) => `${line.text}\n`).join(''))
    const dns = await nameServer(all, { 'PTR 66.113.0.203.in-addr.arpa': ['scan.example.net'] })
    const request = {
      paths: [log],
      data: path.join(folder, 'data'),
      detectors: ['web-client-behaviour'],
      reputation: [write('scanners.csv', `${scanner},scanner\n!!!\n203.0.113.200,other\n`)],
      lookUps: ['reverse-dns', 'certificate'] as const,
      lookUpSettings: {
        outside: { permitsAddress: () => true, permitsName: () => true, nameServers: [dns.address] },
      },
    }
    const report = await hunt(request)
    const about = scanner
    expect(report.findings[0]?.entity.value).toBe(scanner)
    expect(report.findings[0]?.knowledge).toEqual([
      { about, source: 'reputation', label: 'listed as', value: 'scanner' },
      { about, source: 'reverse DNS', label: 'named', value: 'scan.example.net' },
    ])
    expect(report.summary.lists).toEqual([
      { path: request.reputation[0], kind: 'reputation', entries: 2, bad: 1, firstBad: 2 },
    ])
    expect(readdirSync(request.data)).toContain('outside-knowledge.json')
    const asked = dns.heard.length
    const again = await hunt({ ...request, lookUps: false })
    expect(again.findings[0]?.knowledge.map(({ source }) => source)).toEqual(['reputation'])
    expect(dns.heard.length).toBe(asked)
  })

  it('is not begun with a file that is no list', async () => {
    const reputation = [write('prose', 'This is no list.\n')]
    await expect(hunt({ paths: ['/nowhere'], reputation })).rejects.toMatchObject({ code: 'invalid-list' })
  })
})
