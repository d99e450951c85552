/**
 * Attack payloads, for the terminal.
 *
 * @module
 */
import { countOf, inert } from '../format.ts'
import type { Payloads } from '../report.ts'
import { cut, wrap } from './columns.ts'

const shown = 5

type Text = Payloads['texts'][number]

const placeText = ({ place, name, page }: Text): string =>
  `${name === '' ? place : `${place} ${name}`}${place === 'parameter' ? ` of ${page}` : ''}`

/** Lines of at most `room` cells: where each was sent and what for, then the text itself. */
export function payloadLines({ texts }: Payloads, room: number): readonly string[] {
  return texts.slice(0, shown).flatMap((text) => {
    const meant = text.meant.length === 0 ? 'unlike ordinary ones' : text.meant.join(', ')
    const answers = text.answers.filter((answer) => answer > 0).join(', ')
    const said = `${placeText(text)}: ${meant}; ${countOf(text.requests, 'request')}${answers === '' ? '' : `, answered ${answers}`}`
    return [...wrap(inert(said), room), `  ${cut(inert(text.text), room - 2)}`]
  })
}
