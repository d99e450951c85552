/**
 * Messages for Slack, and for chats that take the same: Mattermost, Rocket.Chat, Discord. Attachments are what all of them know.
 *
 * @module
 */
import type { Severity } from '../api/api.ts'
import type { Bulletin, Item } from './bulletin.ts'
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

const colours: Readonly<Record<Severity, string>> = {
  critical: '#b3123f',
  high: '#d9480f',
  medium: '#b8860b',
  low: '#5c7080',
}

/** Invisible, and enough for a chat not to see a mention, a link or an emphasis. */
const apart = '\u200B'

/** `&`, `<` and `>` are all that Slack's own format escapes. */
const entities = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/**
 * Text that a chat shows as it is: nobody is mentioned (`@channel`), nothing becomes a link or a picture (`![](…)` is fetched by who
 * reads it), nothing is emphasised.
 */
export const chatText = (text: string): string =>
  entities(
    text
      .replaceAll('`', 'ˋ')
      .replace(/[@#*_~|![\]()]/g, (character) => `${character}${apart}`)
      .replaceAll('://', `:${apart}//`)
      .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}${apart}.`),
  )

/** A value as it is, to be copied: inside a code span nothing acts. */
export const chatCode = (text: string): string => `\`${entities(text.replaceAll('`', 'ˋ'))}\``

const attachmentOf = (item: Item) => ({
  color: colours[item.incident.severity],
  fallback: chatText(`${statusText(item)}: ${titleText(item)}`),
  title: chatText(titleText(item)),
  ...(item.url === null ? {} : { title_link: item.url }),
  text: [
    statusText(item),
    ...entityTexts(item, 8).map(({ kind, value }) => `${chatText(kind)} ${chatCode(value)}`),
    `${sizeText(item)}, ${spanText(item)}`,
    ...lineTexts(item).map(chatCode),
  ].join('\n'),
  mrkdwn_in: ['text'],
})

export const slackMessage = (bulletin: Bulletin) => {
  const notes = [moreText(bulletin), heldBackText(bulletin)].filter((note) => note !== null)
  const link = bulletin.url === null || notes.length === 0 ? [] : [bulletin.url]
  return {
    text: bulletin.isTest ? testText : chatText(headline(bulletin)),
    attachments: [
      ...bulletin.items.map(attachmentOf),
      ...(notes.length === 0
        ? []
        : [{ fallback: notes.join(' '), text: [...notes, ...link].join('\n'), mrkdwn_in: ['text'] }]),
    ],
  }
}
