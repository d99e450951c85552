import { describe, expect, it } from 'vitest'
import { count, defineDetector, defineParser, quoted, ratio, tailScore, text, time, between } from 'winnow'

const rest = {
  id: 'typed',
  title: 'Typed',
  description: 'Only the compiler reads this.',
  attack: [],
  from: { category: 'web' },
  entity: 'source_ip',
  window: '1 hour',
  model: tailScore(),
} as const

/** Each expectation below is checked by the compiler: `npm run types` fails where a mistake is let through. */
describe('what is misspelt', () => {
  it('does not compile: a column, a feature, a part', () => {
    // @ts-expect-error -- no such column
    const misspelt = count({ http_response_status_cod: 404 })
    // @ts-expect-error -- a number is compared with text
    count({ http_response_status_code: 'many' })
    // @ts-expect-error -- text is compared with a range
    count({ url_path: between(1, 2) })
    defineDetector({
      ...rest,
      // @ts-expect-error -- a ratio over a feature that is not there
      features: { failed: count(), share: ratio('failed', 'requsts') },
      sentence: () => '',
    })
    defineDetector({
      ...rest,
      features: { failed: count() },
      // @ts-expect-error -- no such feature
      sentence: (f) => `${f.faild}`,
    })
    // @ts-expect-error -- no such entity column
    defineDetector({ ...rest, entity: 'source_io', features: { failed: count() }, sentence: () => '' })
    defineParser({
      id: 'typed',
      title: 'Typed',
      category: 'web',
      line: quoted('client [time] "request"'),
      columns: (part) => ({
        timestamp: time(part('time'), 'iso'),
        // @ts-expect-error -- no such part
        user_name: text(() => part('user')),
      }),
    })
    // What was let through at run time is still only data; nothing above ran anything.
    expect(misspelt).toEqual({ kind: 'count', where: { http_response_status_cod: 404 } })
  })
})
