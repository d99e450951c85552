import {
  allOf,
  anyOf,
  constant,
  defineParser,
  firstOf,
  isNot,
  isOneOf,
  isPresent,
  json,
  once,
  replace,
  time,
  variant,
  when,
  type Test,
  type Value,
} from 'winnow'
import { otherKinds, typedKinds } from './pieces/zeek-kinds.ts'
import { isLogin, otherLogs } from './pieces/zeek-sessions.ts'
import { typedLogs, type ZeekLine } from './pieces/zeek.ts'

type Part = (name: string) => Value

const none = constant('')

/** `id.orig_h` is also written `id_orig_h`. */
const fieldOf =
  (part: Part): Part =>
  (name) =>
    name.includes('.') ? once(firstOf(part(name), part(name.replaceAll('.', '_')))) : part(name)

/** Seconds or, with TS_MILLIS, milliseconds since 1970, or ISO 8601. */
const timeOf = (part: Part): Value => once(time(firstOf(part('ts'), part('@timestamp')), 'any'))

const lineOf = (part: Part): ZeekLine => {
  const field = fieldOf(part)
  const list = (name: string): Value =>
    ['","', '["', '"]', '[]'].reduce(
      (text, mark) => replace(text, mark, mark === '","' ? ',' : ''),
      field(name),
    )
  return { timestamp: timeOf(part), raw: field, text: field, list }
}

/** What the line itself says: as json-streaming-logs and Corelight do, or as Zeek's Kafka writer does. */
const pathOf = (part: Part): Value => once(firstOf(part('_path'), part('@stream')))

const isKind = (part: Part, path: string): Test => {
  const byFields = typedKinds[path] ?? otherKinds[path]
  const said = isOneOf(pathOf(part), path, `${path}_red`)
  return byFields === undefined
    ? said
    : anyOf(said, allOf(isNot(isPresent(pathOf(part))), byFields(fieldOf(part))))
}

const typedPaths = Object.keys(typedLogs).flatMap((path) => [path, `${path}_red`])

/** The path of a log without columns of its own: as it says, or by its fields; nothing where it is no such log. */
const otherPathOf = (part: Part): Value => {
  const byFields = Object.entries(otherKinds).reduceRight<Value>(
    (otherwise, [path, test]) => when(test(fieldOf(part)), constant(path), otherwise),
    none,
  )
  const said = when(isOneOf(pathOf(part), ...typedPaths), none, pathOf(part))
  return once(when(isPresent(pathOf(part)), said, byFields))
}

const line = json({ require: [['ts', '@timestamp']] })

const typed = Object.entries(typedLogs).map(([path, { category, columns }]) =>
  variant(
    line,
    (part) => columns(lineOf(part)),
    (part) => isKind(part, path),
    category,
  ),
)

// {"ts":1772856306.084044,"uid":"CXHB1X22027MRWU6D","id.orig_h":"192.0.2.18","id.orig_p":55548,"id.resp_h":"198.51.100.16", …
// {"_path":"conn","_write_ts":"2026-03-07T04:05:07.084044Z","ts":"2026-03-07T04:05:06.084044Z","uid":"CXHB1X22027MRWU6D", …
export default defineParser({
  id: 'zeek-json',
  title: 'Zeek logs as JSON',
  category: 'other',
  exclusive: true,
  variants: [
    ...typed,
    variant(
      line,
      (part) => otherLogs.login(otherPathOf(part))(lineOf(part)),
      (part) => isLogin(otherPathOf(part), lineOf(part)),
      'auth',
    ),
    variant(
      line,
      (part) => otherLogs.mail(lineOf(part)),
      (part) => isOneOf(otherPathOf(part), 'smtp'),
      'mail',
    ),
    variant(
      line,
      (part) => otherLogs.any(otherPathOf(part))(lineOf(part)),
      (part) =>
        allOf(
          isPresent(otherPathOf(part)),
          isNot(anyOf(isOneOf(otherPathOf(part), 'smtp'), isLogin(otherPathOf(part), lineOf(part)))),
        ),
    ),
  ],
})
