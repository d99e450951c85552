import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'winnow'

describe('a request with a logformat', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-logformat-'))
  const file = path.join(folder, 'access.log')
  writeFileSync(file, '1772856306|192.0.2.7|http://www.example.com/|200\nsomething else\n')
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  test('reads its files with it', async () => {
    const { summary, events } = await parse({ paths: [file], squidLogformat: '%ts|%>a|%ru|%>Hs' })
    expect(summary).toMatchObject({ lines: 2, parsed: 1, rejected: 1 })
    expect(events).toMatchObject([{ format: 'squid-logformat', source_ip: '192.0.2.7', url_path: '/' }])
  })

  test('is refused where the format cannot be read', async () => {
    const refused = parse({ paths: [file], squidLogformat: '%ts %ru' })
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-logformat',
      message: expect.stringContaining('%>a (or %>A) is missing'),
    })
  })
})
