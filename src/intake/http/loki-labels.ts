/**
 * Labels as Prometheus writes them: `{job="varlogs", filename="/var/log/syslog"}`.
 *
 * @module
 */
import { AppError } from '../../errors.ts'

export type Labels = readonly (readonly [name: string, value: string])[]

/** One label and what parts it from the next. A text is in double quotes with Go's escapes, or in backquotes. */
const label = /\s*([A-Za-z_][\w.]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)\s*(?:,|$)/sy

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

const unescaped = (text: string): string =>
  text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/gs,
    (_, hex?: string, unicode?: string, other?: string) => {
      const code = hex ?? unicode
      return code === undefined
        ? (escapes[other ?? ''] ?? other ?? '')
        : String.fromCharCode(Number.parseInt(code, 16))
    },
  )

/** Longer ones are no labels. */
const longest = 65_536

/** @throws AppError `intake-malformed` */
export const parseLabels = (text: string): Labels => {
  const trimmed = text.trim()
  const malformed = (): AppError =>
    new AppError('intake-malformed', { problem: 'labels should be written {name="value"}' })
  if (trimmed.length > longest || !trimmed.startsWith('{') || !trimmed.endsWith('}')) throw malformed()
  const inner = trimmed.slice(1, -1).trimEnd()
  const labels: (readonly [string, string])[] = []
  label.lastIndex = 0
  while (label.lastIndex < inner.length) {
    const found = label.exec(inner)
    if (found === null) throw malformed()
    const [, name = '', quoted, plain = ''] = found
    labels.push([name, quoted === undefined ? plain : unescaped(quoted)])
  }
  return labels
}
