import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { filterSql, filterText } from '../../src/features/compile-filter.ts'
import {
  absent,
  atLeast,
  atMost,
  between,
  contains,
  endsWith,
  matches,
  not,
  numberCompares,
  oneOf,
  present,
  startsWith,
  within,
  type Filter,
} from '../../src/features/filter.ts'
import { sql } from '../../src/sql/sql.ts'
import { insertEvents, openTestEngine } from './insert-events.ts'

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(engine, [
    {
      at: 1,
      category: 'web',
      source_ip: '192.0.2.7',
      url_path: '/a.php',
      http_response_status_code: 200,
      user_name: 'bob',
    },
    { at: 2, category: 'web', source_ip: '198.51.100.9', url_path: '/admin', http_response_status_code: 404 },
    {
      at: 3,
      category: 'web',
      source_ip: '2001:db8::ffff:1',
      url_path: "/it's",
      http_response_status_code: 500,
    },
    { at: 4, category: 'auth', user_name: 'eve' },
  ])
})

afterAll(() => close())

describe('a filter', () => {
  // The seconds of the events that match, and the filter as a search.
  const cases: readonly (readonly [Filter, readonly number[], string])[] = [
    [{}, [1, 2, 3, 4], ''],
    [{ category: 'web' }, [1, 2, 3], 'category:web'],
    [{ category: oneOf('web', 'auth') }, [1, 2, 3, 4], 'category:(web OR auth)'],
    [{ source_ip: '192.0.2.7' }, [1], 'source_ip:192.0.2.7'],
    [{ source_ip: within('192.0.2.0/24') }, [1], 'source_ip:192.0.2.0/24'],
    [{ source_ip: within('198.51.100.9') }, [2], 'source_ip:198.51.100.9'],
    [{ source_ip: within('2001:db8::/32') }, [3], 'source_ip:2001:db8::/32'],
    [{ source_ip: within('2001:db8::ffff:1') }, [3], 'source_ip:2001:db8::ffff:1'],
    [{ source_ip: present }, [1, 2, 3], 'source_ip:*'],
    [{ source_ip: absent }, [4], 'NOT source_ip:*'],
    [{ user_name: present, category: 'web' }, [1], 'user_name:* AND category:web'],
    [{ url_path: startsWith('/a') }, [1, 2], 'url_path:/a*'],
    [{ url_path: endsWith('.php') }, [1], 'url_path:*.php'],
    [{ url_path: contains("t's") }, [3], 'url_path:*"t\'s"*'],
    [{ url_path: matches('^/a[a-z]+$') }, [2], 'url_path:/^/a[a-z]+$/'],
    [{ url_path: not(startsWith('/a')), category: 'web' }, [3], 'NOT url_path:/a* AND category:web'],
    [{ http_response_status_code: between(400, 499) }, [2], 'http_response_status_code:[400 TO 499]'],
    [{ http_response_status_code: atLeast(404) }, [2, 3], 'http_response_status_code>=404'],
    [{ http_response_status_code: atMost(200) }, [1, 4], 'http_response_status_code<=200'],
    [{ http_response_status_code: oneOf(200, 500) }, [1, 3], 'http_response_status_code:(200 OR 500)'],
    [{ or: [{ user_name: 'eve' }, { url_path: '/admin' }] }, [2, 4], '(user_name:eve OR url_path:/admin)'],
  ]
  it.each(cases)('%j matches what it should, and reads as a search', async (filter, expected, search) => {
    const rows = await engine.rows<{ at: number }>(
      sql`SELECT toSecond(timestamp) AS at FROM events WHERE ${filterSql(filter)} ORDER BY at`,
    )
    expect(rows.map((row) => row.at)).toEqual(expected)
    expect(filterText(filter)).toBe(search)
  })
})

describe('a number', () => {
  it.each([
    [5, 5, true],
    [5, between(5, 6), true],
    [4, between(5, 6), false],
    [5, atLeast(5), true],
    [5, atMost(4), false],
    [5, oneOf(1, 5), true],
    [5, not(atLeast(5)), false],
  ] as const)('%d compared with %j is %s', (value, comparison, expected) => {
    expect(numberCompares(value, comparison)).toBe(expected)
  })
})
