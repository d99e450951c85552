import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Config } from '../../src/config/config.ts'
import { parseConfig } from '../../src/config/read-config.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-packaging-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (name: string): string => readFileSync(path.resolve(name), 'utf8')

const configFrom = (text: string, environment: Readonly<Record<string, string>> = {}): Config | null => {
  const { config, problems } = parseConfig(text, 'winnow.yaml', environment)
  expect(problems).toEqual([])
  return config
}

describe('the sample configuration', () => {
  const text = read('packaging/winnow.yaml')

  it('is right as it is', () => {
    expect(configFrom(text)).toMatchObject({ data: '/var/lib/winnow/data', backup: { keep: 7 } })
  })

  it('is right with all that is commented out', () => {
    const all = text
      // The first of two that say the same.
      .replace(/^retention:\n {2}days: 90\n/m, 'retention:\n')
      .replaceAll(/^( *)# (?= *(?:- |[a-z_]+: |[a-z_]+:$))/gm, '$1')
    const config = configFrom(all)
    expect(config).toMatchObject({
      listen: { tls: { cert: '/etc/winnow/cert.pem' } },
      intake: { tls: { cert: '/etc/winnow/cert.pem' } },
      trustedProxies: ['127.0.0.1'],
      assets: '/etc/winnow/assets.csv',
      peers: '/etc/winnow/peers.csv',
      retention: { bytes: 200e9 },
    })
    expect(config?.files).toHaveLength(2)
    expect(config?.syslog).toHaveLength(2)
  })
})

describe('the unit for systemd', () => {
  const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' })
  const reason = analyze.status === 0 ? '' : ' (no systemd-analyze is installed: apt-get install systemd)'

  it.skipIf(analyze.status !== 0)(`passes systemd-analyze verify${reason}`, () => {
    const unit = path.join(folder, 'winnow.service')
    // What it starts is somewhere else here.
    writeFileSync(unit, read('packaging/winnow.service').replaceAll('/usr/bin/node', process.execPath))
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      encoding: 'utf8',
    })
    const own = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('winnow'))
    expect([status, own]).toEqual([0, []])
  })

  it.skipIf(analyze.status !== 0)(`exposes little, as systemd-analyze security counts${reason}`, () => {
    const unit = path.join(folder, 'winnow.service')
    writeFileSync(unit, read('packaging/winnow.service'))
    const told = execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=25', unit], {
      encoding: 'utf8',
    })
    expect(told).toMatch(/Overall exposure level for winnow\.service: [0-2]\.\d/)
  })
})

describe('the container', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
  const stages = lines.flatMap((line, i) => (line.startsWith('FROM ') ? [i] : []))
  const last = lines.slice(stages.at(-1))

  it('is built in one stage and runs in another, as a user without rights', () => {
    expect(stages).toHaveLength(2)
    const user = last.findLastIndex((line) => line.startsWith('USER '))
    expect(last[user]).not.toMatch(/root|\b0\b/)
    expect(user).toBeLessThan(last.findIndex((line) => line.startsWith('ENTRYPOINT ')))
    expect(last.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true)
    expect(last).toContain('VOLUME /var/lib/winnow')
  })

  it('copies what there is, and of the build only what the package says it needs', () => {
    const copied = last.flatMap((line) => /^COPY --from=build (.*) \S+$/.exec(line)?.[1]?.split(' ') ?? [])
    const names = copied.map((place) => path.relative('/build', place))
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] }
    const needed = files.filter((name) => !name.endsWith('.md'))
    expect(names.toSorted()).toEqual([...needed, 'node_modules', 'package.json'].toSorted())
  })

  it('is sent nothing that is not listed, and every folder that it is built from', () => {
    const ignored = read('.dockerignore').split('\n')
    expect(ignored.find((line) => line !== '' && !line.startsWith('#'))).toBe('*')
    const listed = ignored.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    for (const name of listed) expect([name, existsSync(path.resolve(name))]).toEqual([name, true])
    const { include } = JSON.parse(read('tsconfig.build.json')) as { readonly include: readonly string[] }
    const sources = include.map((name) => name.split('/')[0])
    expect(listed).toEqual(expect.arrayContaining([...sources, 'web', 'package-lock.json']))
  })

  it('is configured by its environment: senders from elsewhere need a key', () => {
    const variables = last.join('\n').matchAll(/(WINNOW_\w+)=(\S+)/g)
    const environment = Object.fromEntries([...variables].map(([, name = '', value = '']) => [name, value]))
    expect(configFrom('data: winnow-data\n', environment)).toMatchObject({
      data: '/var/lib/winnow/data',
      listen: { host: '0.0.0.0' },
      intake: { host: '0.0.0.0', requireKey: true },
    })
  })

  it('has an example for Compose whose settings are right, and which is open to this machine only', () => {
    const { services } = parse(read('packaging/compose.yaml')) as {
      readonly services: {
        readonly winnow: { readonly environment: Record<string, string>; readonly ports: readonly string[] }
      }
    }
    const { environment, ports } = services.winnow
    expect(configFrom('data: winnow-data\n', environment)).toMatchObject({
      files: [{ name: 'host', paths: ['/logs'] }],
      backup: { folder: '/var/lib/winnow/backups' },
    })
    expect(ports.length).toBeGreaterThan(0)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })
})
