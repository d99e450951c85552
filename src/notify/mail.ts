/**
 * Messages as mails: text, and the same as HTML for those who like it better.
 *
 * @module
 */
import type { Severity } from '../api/api.ts'
import type { Bulletin, Item } from './bulletin.ts'
import { cut } from './notice.ts'
import {
  entityTexts,
  headline,
  heldBackText,
  lineTexts,
  moreText,
  sizeText,
  spanText,
  statusText,
  testText,
  titleText,
} from './words.ts'

export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Longer subjects are cut by those who show them. */
const mostSubject = 180

const mostEntities = 12

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const html = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

const colours: Readonly<Record<Severity, string>> = {
  critical: '#b3123f',
  high: '#c2410c',
  medium: '#8a6100',
  low: '#51606f',
}

const tacticsText = ({ incident: { tactics } }: Item): string | null =>
  tactics.length === 0 ? null : tactics.join(' → ')

const itemText = (item: Item): string =>
  [
    statusText(item),
    titleText(item),
    ...entityTexts(item, mostEntities).map(({ kind, value }) => `  ${kind}: ${value}`),
    `  ${sizeText(item)}, ${spanText(item)}`,
    ...[tacticsText(item)].flatMap((text) => (text === null ? [] : [`  ${text}`])),
    ...lineTexts(item).map((line) => `  > ${line}`),
    ...(item.url === null ? [] : [`  ${item.url}`]),
  ].join('\n')

const itemHtml = (item: Item): string => {
  const title = html(titleText(item))
  const link = item.url === null ? title : `<a href="${html(item.url)}" style="color:#1b4b8f">${title}</a>`
  const rows = entityTexts(item, mostEntities).map(
    ({ kind, value }) =>
      `<tr><td style="color:#5f6b76;padding:0 12px 0 0">${html(kind)}</td><td style="font-family:monospace">${html(value)}</td></tr>`,
  )
  const facts = [`${sizeText(item)}, ${spanText(item)}`, tacticsText(item)].filter((text) => text !== null)
  return [
    `<div style="border-left:4px solid ${colours[item.incident.severity]};padding:2px 0 2px 12px;margin:0 0 20px">`,
    `<div style="color:${colours[item.incident.severity]};font-size:13px">${html(statusText(item))}</div>`,
    `<div style="font-size:16px;margin:2px 0 6px">${link}</div>`,
    rows.length === 0
      ? ''
      : `<table style="border-collapse:collapse;font-size:13px">${rows.join('')}</table>`,
    ...facts.map((fact) => `<div style="color:#5f6b76;font-size:13px">${html(fact)}</div>`),
    ...lineTexts(item).map(
      (line) => `<div style="font-family:monospace;font-size:12px;margin:4px 0 0">${html(line)}</div>`,
    ),
    '</div>',
  ].join('')
}

export const composeMail = (bulletin: Bulletin): Mail => {
  const notes = [bulletin.isTest ? testText : null, moreText(bulletin), heldBackText(bulletin)].filter(
    (note) => note !== null,
  )
  const ending = [...notes, ...(bulletin.url === null ? [] : [bulletin.url])]
  const [first] = bulletin.items
  const severity = first === undefined ? '' : ` ${first.incident.severity.toUpperCase()}`
  return {
    subject: cut(`[Winnow${severity}] ${headline(bulletin)}`, mostSubject),
    text: `${[...bulletin.items.map(itemText), ending.join('\n')].join('\n\n')}\n`,
    html: [
      '<!doctype html><html><body style="font-family:sans-serif;color:#1c2530;max-width:640px">',
      ...bulletin.items.map(itemHtml),
      ...notes.map((note) => `<p style="font-size:13px">${html(note)}</p>`),
      bulletin.url === null
        ? ''
        : `<p style="font-size:13px"><a href="${html(bulletin.url)}" style="color:#1b4b8f">All incidents</a></p>`,
      '</body></html>',
    ].join(''),
  }
}
