import { describe, expect, it } from 'vitest'
import { addressText, columns, parsedColumns, isColumnName, isParsedColumn } from '../src/schema/columns.ts'
import { eventsTable } from '../src/schema/tables.ts'

describe('an address', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::ffff:1', '2001:db8::ffff:1'],
    ['::ffff:0:1', '::ffff:0:1'],
    ['::', '::'],
  ])('%s is written %s', (stored, written) => {
    expect(addressText(stored)).toBe(written)
  })
})

describe('the catalogue', () => {
  it('has a column of the table for each name, and no other', () => {
    expect(eventsTable.columns.map((column) => column.name)).toEqual(Object.keys(columns))
  })

  it('says of each column what it means, and names no ECS or OCSF field twice', () => {
    const all = Object.values(columns)
    expect(all.every((column) => column.meaning.length > 5)).toBe(true)
    for (const kind of ['ecs', 'ocsf'] as const) {
      const names = all.flatMap((column) => (column[kind] === null ? [] : [column[kind]]))
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    }
  })

  it('knows its names, and not those every object has', () => {
    expect(isParsedColumn('source_ip')).toBe(true)
    expect(isParsedColumn('message')).toBe(false)
    expect(isColumnName('message')).toBe(true)
    expect(isColumnName('toString')).toBe(false)
    expect(Object.keys(parsedColumns).length).toBeGreaterThan(40)
  })
})
