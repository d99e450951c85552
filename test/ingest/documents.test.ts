import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { spoolFolder } from '../../src/ingest/segments.ts'
import { json } from '../../src/parse/line.ts'
import { defineParser } from '../../src/parse/parser.ts'
import { time } from '../../src/parse/value.ts'
import { sql } from '../../src/sql/sql.ts'
import { inPlace, loadInto, openData, stored, withFolder } from './place.ts'

const orders = defineParser({
  id: 'orders',
  title: 'Orders',
  category: 'app',
  line: json(),
  columns: (part) => ({ timestamp: time(part('time'), 'iso'), user_name: part('user') }),
})

const asOrders = { format: 'orders', catalogue: { parsers: [orders], envelopes: [] } } as const

const records = (count: number, from = 0): { time: string; user: string; items: { n: number }[] }[] =>
  Array.from({ length: count }, (_, i) => ({
    time: new Date(Date.UTC(2026, 2, 1) + (from + i) * 1000).toISOString(),
    user: `user ${from + i}`,
    items: [{ n: from + i }],
  }))

const wrapped = (count: number): string => JSON.stringify({ Records: records(count) })

/** {@link wrapped} of 120 records, made by zstd: the engine alone can unpack it. */
const inZstd = [
  'KLUv/QRo/REANixeFoCvNmv+fAfpwsRMopXd3TsVO0oGMhVkAFQAVAB0Os3n8//3ffd9n04nGo3n85nNVi4XmUzj8dz3bdt2',
  'XWcmIt6dmVUVEc3Mf9sVXBSXFgKQwKNBcQQEgQIKAUljUgkIAoi2hLbQFtqDO5gO7H2gEGg8HJSAJVEITBiSyKJhCFgClZVY',
  'WHh1dVZWVlVVVFQ0NTWv110ut1qtpKREQsKjozMysqKiIiKioaE5nW4yuVQq5eQkDg7e3JyNjdXUFA0NzczM53OPx51OJ59P',
  'PB7v97PbrV6vOTnP551ON5udxMRERMTDwzM0tMLCIiSkwcE5Hm80uljs8/ISDw/v7s7Ozurqio6O5ubm97vP516vTktLNDQ8',
  'OzszMysrKzIyGhub2+02m2u1tuBmF8VFcUk77UQbbTz77DPbbCu77CKbbBp77Ll9+7Ztu3btVtZZJ9ZY49VXn9VWW9VVF9VU',
  '09RTz+vXt2tTXahLmZmJiYmXl2dpaZWVRUlJE4FnqBFw2Rem/TfRl0JrESQEP1VABKg4kWg+/0+eFpj374V5fy/M+/fC/Eoo',
  'TyuY9/fCvL8vzPt7EX83xVa1itSkApO4v3n/5v3N+7cVFOzm+5v3N9/fvC+sKO5v3r95f/P9bQUFe/P+5v2b9zfv5ZIAAMRd',
  'n/c379+8L1Qp7m/ev3l/8/5tBQW7+f7m/Z33N+8LK4r7m+9v3t98f1tBwd28v3n/5n1vy+IHq6ZsxSiEWTadZdMsm83Isifq',
  'qP4fUE0AVQWN8hTJ',
].join('')

/** The same, made by bzip2. */
const inBzip2 = [
  'QlpoOTFBWSZTWXZ4x2sAD/+bgFAHf/AUGg4jngpQBCPJHvWgCxHBCgPP1VKNDQMn6poAxpiMI0wAABDeqqAAAAACHqpT/Kan',
  '+KpQAAACJKmE8pPSaP1RpoNHpO0REzO8Vbju7+Xh4oAF3d3d3dsgCjMBuNANg1BqDYNANxmAoyALR6RETM84iJmesREzPKAV',
  '+wFe6Cu+AFYAK6AK0ArgAV8Ki9AFeYCuMQmMsY0xjHG0ta1rWKqqqqqjMBuNANg1BqDYNANxmAoyALQAHrxcve973ve1tdbW',
  '4cM88865nUBWdgVkBWCLoArkUKvwArRRqArRwAV4FEIQhCEIQhCZAohVZa2ttttte0hzve92232+JZ6bu6/SV0AAAAAAV1XX',
  'VAEkkkkkkklKLUWotRai1FqdX1XXV9bVXV3XXW7zkkjQUo22291Nrdzc878joArKjIyMjIzQBWmoyMgaad+PHnz58xBSUbbb',
  'dVV3ffbePd9N3XLCwsLCwsLCwsKrMznJJIgpJRtt96knu9buuWFhYWFhYWFhYVWZnOSSRBSSUbb77SWPTd1ywsLCwsLCwsLC',
  'qzM5ySSIKSSUbfiqq7vnF6LMdbuqAAAAAAVmZzkkkQUkklG++0lmOt3fEAAAAAArMznJJIgpJJJR99pLMem7yAAAAAAVuZzk',
  'kkQUkkklO+0lmPd63uAAAAAAVu5zkkkXmqqlaqIrIiskkkkJJJUqlKqlKqqAAAKAAAAAoAAAACoAAAACgAAAAKqrqygFaAV5',
  'IK9EFevX9AV+dwFewArAFbgK/wCuoCtAK/tACu/EBXfwAK6gK6gIp5boK91RfCsTPPzxjGMYxgAAAAAAAAAAAAAAAAAA4j/F',
  '3JFOFCQdnjHawA==',
].join('')

describe('a JSON document', () => {
  test.each<[string, string | Buffer]>([
    ['a list over many lines', JSON.stringify(records(120), null, 3)],
    ['a list on one line', JSON.stringify(records(120))],
    ['CloudTrail as it is stored', gzipSync(wrapped(120))],
    [
      'a wrapped list in two archives',
      Buffer.concat([gzipSync(wrapped(70)), gzipSync(JSON.stringify({ Records: records(50, 70) }))]),
    ],
    [
      'objects over many lines',
      records(120)
        .map((one) => JSON.stringify(one, null, 2))
        .join('\n'),
    ],
    ['a wrapped list that only the engine can unpack', Buffer.from(inZstd, 'base64')],
    ['a wrapped list in bzip2', Buffer.from(inBzip2, 'base64')],
    ['a list after a byte order mark', `\u{feff}${JSON.stringify(records(120))}`],
  ])('%s gives each element as a line of its own', (_, content) =>
    inPlace(async ({ folder, data, engine, load }) => {
      const file = path.join(folder, 'x.json')
      await writeFile(file, content)
      expect(await load([file], asOrders)).toMatchObject({
        lines: 120,
        rejected: 0,
        first: '2026-03-01T00:00:00.000Z',
        last: '2026-03-01T00:01:59.000Z',
        sources: [{ path: file, lines: 120 }],
      })
      const [row] = await engine.rows<object>(
        sql`SELECT message, toString(user_name) AS user, min(line_number) OVER () AS least, max(line_number) OVER () AS most FROM events ORDER BY line_number LIMIT 1 OFFSET 7`,
      )
      expect(row).toEqual({ message: JSON.stringify(records(1, 7)[0]), user: 'user 7', least: 1, most: 120 })
      expect(await readdir(spoolFolder(data))).toEqual([])
    })(),
  )

  test('is read once, whatever its layout and name, now and the next time', () =>
    withFolder(async (folder) => {
      const logs = path.join(folder, 'logs')
      const data = path.join(folder, 'data')
      await mkdir(logs)
      await writeFile(path.join(logs, 'a.json'), JSON.stringify(records(90), null, 2))
      await writeFile(path.join(logs, 'b.json.gz'), gzipSync(wrapped(90)))
      let engine = await openData(data)
      try {
        const first = path.join(logs, 'a.json')
        const result = await loadInto(engine, data)([logs], asOrders)
        expect(result.sources.map(({ lines, note }) => [lines, note])).toEqual([
          [90, undefined],
          [0, `the same content as ${first}: counted once`],
        ])
        await engine.close()
        engine = await openData(data)
        const again = await loadInto(engine, data)([path.join(logs, 'b.json.gz')], asOrders)
        expect(again.sources.map(({ lines, note }) => [lines, note])).toEqual([
          [90, `read before as ${first}`],
        ])
        // Written again with more elements, as an export of the day so far.
        await writeFile(path.join(logs, 'a.json'), JSON.stringify(records(100), null, 2))
        const grown = await loadInto(engine, data)([path.join(logs, 'a.json')], asOrders)
        expect(grown.sources.map(({ lines, note }) => [lines, note])).toEqual([[100, '90 lines read before']])
        expect(await stored(engine)).toEqual({ rows: 100, different: 100 })
      } finally {
        await engine.close()
      }
    }))

  test(
    'that is cut off keeps the elements before the cut and says so, and the rest is added once it is there',
    inPlace(async ({ folder, engine, load }) => {
      const file = path.join(folder, 'x.json')
      const whole = JSON.stringify(records(60))
      await writeFile(file, whole.slice(0, Math.floor(whole.length / 2)))
      const result = await load([file], asOrders)
      expect(result).toMatchObject({ rejected: 0 })
      expect(result.lines).toBeGreaterThan(25)
      expect(result.sources[0]?.note).toBe(
        `truncated after ${result.lines} elements: the document ends too early; the elements before it count`,
      )
      await writeFile(file, whole)
      expect((await load([file], asOrders)).sources[0]).toMatchObject({
        lines: 60,
        note: `${result.lines} lines read before`,
      })
      expect(await stored(engine)).toEqual({ rows: 60, different: 60 })
    }),
  )

  test(
    'in an archive that is cut off keeps the elements before the cut',
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.json.gz')
      const archive = gzipSync(wrapped(20_000))
      await writeFile(file, archive.subarray(0, Math.floor(archive.length / 2)))
      const result = await load([file], asOrders)
      expect(result.lines).toBeGreaterThan(5000)
      expect(result).toMatchObject({ rejected: 0 })
      expect(result.sources[0]?.note).toBe(
        `truncated after ${result.lines.toLocaleString('en')} elements: the archive ends too early; the elements before it count`,
      )
    }),
  )

  test(
    'elements that are no objects or too long are rejects with their reason',
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.json')
      const long = { ...records(1)[0], text: 'x'.repeat(1_100_000) }
      await writeFile(file, JSON.stringify([...records(5), 'text', long, null, ...records(5, 5)]))
      const result = await load([file], asOrders)
      expect(result).toMatchObject({ lines: 13, parsed: 10, rejected: 3 })
      expect(result.rejects.map(({ reason, lines }) => [reason, lines])).toEqual(
        expect.arrayContaining([['longer than 1048576 bytes', 1]]),
      )
    }),
  )

  test(
    'without elements is empty',
    inPlace(async ({ folder, load }) => {
      await writeFile(path.join(folder, 'a.json'), '{"Records":[]}')
      await writeFile(path.join(folder, 'b.json'), '[ ]\n')
      expect((await load([folder], asOrders)).sources.map(({ lines, note }) => [lines, note])).toEqual([
        [0, 'empty'],
        [0, 'empty'],
      ])
    }),
  )

  test(
    'of one line holds little memory, plain or packed',
    inPlace(async ({ folder, load }) => {
      const one = JSON.stringify({ ...records(1)[0], text: 'x'.repeat(1000) })
      const parts = Array.from({ length: 60 }, () => `${one},`.repeat(1000))
      const content = `{"Records":[${parts.join('')}${one}]}`
      await writeFile(path.join(folder, 'x.json.gz'), gzipSync(content, { level: 1 }))
      const before = process.memoryUsage().rss
      expect(await load([folder], asOrders)).toMatchObject({ lines: 60_001, parsed: 60_001 })
      expect(process.memoryUsage().rss - before).toBeLessThan(1_500_000_000)
    }),
  )
})
