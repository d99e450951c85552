import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { configJsonSchema, parseConfig, readConfig } from '../../src/config/read-config.ts'
import { bytesOf, listenOf } from '../../src/config/schema.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const problemsOf = (text: string, environment = {}): string[] =>
  parseConfig(text, 'winnow.yaml', environment).problems.map(({ place, problem }) => `${place}: ${problem}`)

describe('a configuration', () => {
  it('needs nothing but a data folder', () => {
    const { config } = parseConfig('data: /var/lib/winnow\n', 'winnow.yaml')
    expect(config).toEqual(
      expect.objectContaining({
        data: '/var/lib/winnow',
        listen: { host: '127.0.0.1', port: 8484 },
        intake: { host: '127.0.0.1', port: 8485, requireKey: false, maxBodyBytes: 100_000_000 },
        budgetPerDay: 5,
        retention: { days: 90, bytes: null },
      }),
    )
  })

  it('wants a key of senders as soon as others than this machine can reach it', () => {
    const { config } = parseConfig('data: d\nintake: { listen: "0.0.0.0:8485" }\n', 'winnow.yaml')
    expect(config?.intake?.requireKey).toBe(true)
  })

  it('says in which line each problem is, all at once', () => {
    const text = [
      'data: /var/lib/winnow',
      'budget_per_day: many',
      'files:',
      '  - name: web',
      '    pahts: [/var/log/nginx/access.log]',
      'retention:',
      '  size: 20 parsecs',
      'listn: 8080',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^winnow\.yaml:2:1: budget_per_day: /),
      expect.stringMatching(/^winnow\.yaml:4:5: files\.0\.paths is missing/),
      expect.stringMatching(/^winnow\.yaml:5:5: unknown setting files\.0\.pahts\. Did you mean paths\?/),
      expect.stringMatching(/^winnow\.yaml:7:3: retention\.size: write a size such as 20GB/),
      expect.stringMatching(/^winnow\.yaml:8:1: unknown setting listn\. Did you mean listen\?/),
    ])
  })

  it('says where YAML itself is broken', () => {
    expect(problemsOf('data: [unclosed\nlisten: 1\n')[0]).toMatch(/^winnow\.yaml:\d+:\d+: /)
    expect(problemsOf('data: a\ndata: b\n')[0]).toMatch(/^winnow\.yaml:2:1: .*unique/i)
  })

  it('is overridden by the environment, which is named where it is wrong', () => {
    const { config } = parseConfig('data: a\nretention: { days: 30 }\n', 'winnow.yaml', {
      WINNOW_RETENTION__DAYS: '7',
      WINNOW_OWN_NETWORKS: '[192.0.2.0/24]',
      WINNOW_UNRELATED: 'x',
    })
    expect(config?.retention.days).toBe(7)
    expect(config?.ownNetworks).toEqual(['192.0.2.0/24'])
    expect(problemsOf('data: a\n', { WINNOW_BUDGET_PER_DAY: 'lots' })[0]).toMatch(/^WINNOW_BUDGET_PER_DAY: /)
  })

  it('reads secrets from files', () => {
    const secret = path.join(folder, 'store')
    writeFileSync(secret, 'postgresql://winnow@db.example.com/winnow\n')
    const { config } = parseConfig('data: a\n', 'winnow.yaml', { WINNOW_STORE_FILE: secret })
    expect(config?.store).toBe('postgresql://winnow@db.example.com/winnow')
  })

  it('means paths from where the file is', async () => {
    const file = path.join(folder, 'winnow.yaml')
    writeFileSync(
      file,
      [
        'data: data',
        'files: [{ name: web, paths: [logs/*.log] }]',
        'tls: { cert: cert.pem, key: /etc/key.pem }',
        'assets: assets.csv',
        'backup: { folder: backups, keep: 3 }',
      ].join('\n'),
    )
    const config = await readConfig(file, {})
    expect(config).toMatchObject({
      listen: { tls: { cert: path.join(folder, 'cert.pem'), key: '/etc/key.pem' } },
      assets: path.join(folder, 'assets.csv'),
      backup: { folder: path.join(folder, 'backups'), keep: 3 },
    })
    expect(config.data).toBe(path.join(folder, 'data'))
    expect(config.files[0]?.paths).toEqual([path.join(folder, 'logs/*.log')])
    await expect(readConfig(path.join(folder, 'absent.yaml'), {})).rejects.toMatchObject({
      code: 'invalid-config',
    })
  })

  it('knows networks, and that encrypted syslog needs a certificate', () => {
    const { config } = parseConfig(
      'data: d\ntrusted_proxies: [192.0.2.7, "2001:db8::/32"]\nbackup: { folder: b }\n',
      'winnow.yaml',
    )
    expect(config).toMatchObject({ trustedProxies: ['192.0.2.7', '2001:db8::/32'], backup: { folder: 'b' } })
    const text = [
      'data: d',
      'own_networks: [192.0.2.0/33]',
      'trusted_proxies: [proxy.example.com]',
      'syslog:',
      '  - name: firewalls',
      '    protocol: tls',
      '    listen: 0.0.0.0:6514',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^winnow\.yaml:2:16: own_networks\.0: write an address or a network/),
      expect.stringMatching(/^winnow\.yaml:3:19: trusted_proxies\.0: write an address or a network/),
      expect.stringMatching(/^winnow\.yaml:6:5: syslog\.0\.protocol: tls needs a certificate/),
    ])
  })

  it('is either read or refused with a place, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { config, problems } = parseConfig(text, 'winnow.yaml')
        expect(config === null).toBe(problems.length > 0)
        for (const { place } of problems) expect(place).toMatch(/^winnow\.yaml:\d+:\d+$/)
      }),
    )
  })
})

describe('sizes and addresses', () => {
  it('are read as people write them', () => {
    expect(['500', '2GB', '1.5 tb', '10 MiB', 'x', '-1'].map(bytesOf)).toEqual([
      500,
      2e9,
      1.5e12,
      1e7,
      null,
      null,
    ])
    expect(listenOf('8080')).toEqual({ host: '127.0.0.1', port: 8080 })
    expect(listenOf('[::1]:8080')).toEqual({ host: '::1', port: 8080 })
    expect(listenOf('logs.example.com:514')).toEqual({ host: 'logs.example.com', port: 514 })
    expect(['', ':', 'a:b', '1.2.3.4:99999', '[zz]:1'].map(listenOf)).toEqual([null, null, null, null, null])
  })
})

describe('the schema for editors', () => {
  it('describes every setting', () => {
    const text = JSON.stringify(configJsonSchema())
    for (const setting of ['data', 'retention', 'require_key', 'client_ca', 'default_role'])
      expect(text).toContain(`"${setting}"`)
  })
})
