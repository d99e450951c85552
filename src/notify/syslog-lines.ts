/**
 * Messages as syslog: RFC 5424, or RFC 3164 for collectors that know nothing newer; each incident is a line of its own.
 *
 * @module
 */
import type { Severity } from '../api/api.ts'
import type { Bulletin, Item } from './bulletin.ts'
import { cefLine, cefTest, type CefLimits } from './cef.ts'
import { testText } from './words.ts'
import { incidentPayload } from './webhook.ts'

export interface SyslogForm {
  readonly format: 'cef' | 'json'
  readonly header: 'rfc5424' | 'rfc3164'
  /** 0 to 23; 16 is local0. */
  readonly facility: number
  /** This machine's name. */
  readonly host: string
}

/** Receivers take at least 2,048 bytes and usually 8,192. */
const mostBytes = 8000

const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5 }
const informational = 6

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Mar  2 08:00:00`, in UTC: RFC 3164 has neither a year nor a zone. */
const oldTime = (date: Date): string =>
  `${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`

/** Printable ASCII without spaces, as RFC 5424 has names. */
const nameOf = (host: string): string => host.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-'

const withHeader = (form: SyslogForm, level: number, nowMs: number, id: string, text: string): string => {
  const priority = form.facility * 8 + level
  const date = new Date(nowMs)
  const host = nameOf(form.host)
  if (form.header === 'rfc5424')
    return `<${priority}>1 ${date.toISOString()} ${host} winnow - ${id} - ${text}`
  // "CEF:" is the tag itself there.
  return `<${priority}>${oldTime(date)} ${host} ${form.format === 'cef' ? '' : 'winnow: '}${text}`
}

const jsonLine = (item: Item, { text, entities }: CefLimits): string => {
  const payload = incidentPayload(item)
  const shortened = {
    ...payload,
    title: payload.title.slice(0, text),
    entities: payload.entities.slice(0, entities),
    ...(item.lines.length === 0 ? {} : { lines: item.lines.map((line) => line.slice(0, text)) }),
  }
  // Beyond ASCII everything is escaped: what is invisible or turns the reading direction does not reach a terminal.
  return JSON.stringify(shortened).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const itemLine = (item: Item, form: SyslogForm, nowMs: number): string => {
  const make = form.format === 'cef' ? cefLine : jsonLine
  const whole = (limits: CefLimits): string =>
    withHeader(form, levels[item.incident.severity], nowMs, `incident-${item.change}`, make(item, limits))
  let limits: CefLimits = { text: 500, entities: 16 }
  let line = whole(limits)
  while (Buffer.byteLength(line) > mostBytes && limits.text > 8) {
    limits = { text: Math.floor(limits.text / 2), entities: Math.floor(limits.entities / 2) }
    line = whole(limits)
  }
  return line
}

/** Lines without their ends. */
export const syslogLines = (bulletin: Bulletin, form: SyslogForm): readonly string[] => {
  const { isTest, items, nowMs } = bulletin
  if (!isTest) return items.map((item) => itemLine(item, form, nowMs))
  const text = form.format === 'cef' ? cefTest(testText) : JSON.stringify({ kind: 'test', text: testText })
  return [withHeader(form, informational, nowMs, 'test', text)]
}
