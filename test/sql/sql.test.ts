import { describe, expect, it } from 'vitest'
import { bound, id, join, raw, render, sql } from '../../src/sql/sql.ts'

describe('sql', () => {
  it('binds values and never writes them into the text', () => {
    const { text, values } = render(sql`SELECT ${"x' OR 1 = 1 --"}, ${7}, ${0.5}, ${true}, ${['a', 'b']}`)
    expect(text).toBe('SELECT {p0:String}, {p1:Int64}, {p2:Float64}, {p3:Bool}, {p4:Array(String)}')
    expect(values).toEqual({ p0: "x' OR 1 = 1 --", p1: 7, p2: 0.5, p3: true, p4: ['a', 'b'] })
  })

  it('splices fragments and numbers their values anew', () => {
    const where = join([sql`a = ${1}`, sql`b = ${'two'}`], ' AND ')
    expect(render(sql`SELECT ${id('c')} FROM t WHERE ${where} LIMIT ${1}`)).toEqual({
      text: 'SELECT c FROM t WHERE a = {p0:Int64} AND b = {p1:String} LIMIT {p0:Int64}',
      values: { p0: 1, p1: 'two' },
    })
  })

  it('tells values of different types apart even where they look the same', () => {
    expect(render(sql`${bound('UInt8', 1)} ${1} ${'1'}`).values).toEqual({ p0: 1, p1: 1, p2: '1' })
  })

  it('refuses an identifier that is not one', () => {
    expect(() => id('a; DROP TABLE events')).toThrow(TypeError)
    expect(() => id('')).toThrow(TypeError)
    expect(render(id('source_ip'))).toEqual({ text: 'source_ip', values: {} })
  })

  it('joins nothing to nothing', () => {
    expect(render(join([]))).toEqual({ text: '', values: {} })
    expect(render(join([raw('1')]))).toEqual({ text: '1', values: {} })
  })
})
