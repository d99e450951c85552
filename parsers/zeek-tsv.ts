import { defineParser, isNot, isOneOf, anyOf, once, text, time, variant, zeek, type Value } from 'winnow'
import { typedLogs, type ZeekLine } from './pieces/zeek.ts'
import { isLogin, otherLogs } from './pieces/zeek-sessions.ts'

type Part = (name: string) => Value

/** A capture's times may count from its beginning; what Zeek says of itself has no time but that of the log. */
const timeOf = (part: Part): Value =>
  once(time(part('ts'), { epoch: 'seconds', origin: time(part('#open'), '%Y-%m-%d-%H-%i-%s') }))

const lineOf = (part: Part): ZeekLine => {
  const written = (name: string): Value => text(part(name), { absent: ['-', '(empty)'] })
  return { timestamp: timeOf(part), raw: part, text: written, list: written }
}

const typed = Object.entries(typedLogs).map(([path, { category, columns }]) =>
  variant(
    zeek(),
    (part) => columns(lineOf(part)),
    (part) => isOneOf(part('#path'), path, `${path}_red`),
    category,
  ),
)
const typedPaths = Object.keys(typedLogs).flatMap((path) => [path, `${path}_red`])

// #separator \x09
// #path	conn
// #open	2026-03-07-04-00-00
// #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	…
// 1772856306.084044	CXHB1X22027MRWU6D	192.0.2.18	55548	198.51.100.16	443	tcp	…
export default defineParser({
  id: 'zeek-tsv',
  title: 'Zeek logs',
  category: 'other',
  exclusive: true,
  variants: [
    ...typed,
    variant(
      zeek(),
      (part) => otherLogs.login(part('#path'))(lineOf(part)),
      (part) => isLogin(part('#path'), lineOf(part)),
      'auth',
    ),
    variant(
      zeek(),
      (part) => otherLogs.mail(lineOf(part)),
      (part) => isOneOf(part('#path'), 'smtp'),
      'mail',
    ),
    variant(
      zeek(),
      (part) => otherLogs.any(part('#path'))(lineOf(part)),
      (part) =>
        isNot(anyOf(isOneOf(part('#path'), 'smtp', ...typedPaths), isLogin(part('#path'), lineOf(part)))),
    ),
  ],
})
