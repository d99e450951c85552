/**
 * The report in a sentence or two, the same on the terminal and on the page. All of it is inert text.
 *
 * @module
 */

import { countOf, formatDuration, inert } from './format.ts'
import type { Report, Summary } from './report.ts'

/** One sentence: how much was read, and how little of it deserves a look. */
export function verdict({ summary, incidents }: Report): string {
  if (summary.parsed === 0) {
    return summary.lines === 0
      ? 'There was nothing to read: what was given is empty, or no log in lines of text.'
      : `None of ${countOf(summary.lines, 'line')} could be read as a known log format.`
  }
  if (incidents.length === 0) return `Nothing stood out in ${countOf(summary.parsed, 'event')}.`
  const deserve = incidents.length === 1 ? 'deserves' : 'deserve'
  return `Out of ${countOf(summary.parsed, 'event')}, ${countOf(incidents.length, 'incident')} ${deserve} a look.`
}

export function lookedFor({ detectors }: Summary): string {
  return detectors.length === 0
    ? 'No detector had anything to look at: none applies to these kinds of logs, or no event lies in the time that was asked for.'
    : `Looked for: ${detectors.map(inert).join(', ')}.`
}

/** Why a hunt can come back empty. It must never claim that the logs are clean. */
export function whyQuiet({ first, last }: Summary): string {
  const seconds = first === null || last === null ? Number.NaN : (Date.parse(last) - Date.parse(first)) / 1000
  const short =
    seconds < 86_400
      ? `These logs cover only ${formatDuration(seconds)}, which is little to compare with. `
      : ''
  return `${short}Silence can mean that all is well, that an attack looked like everyday use, or that it left its traces in logs that were not given.`
}

/** What to do where nothing could be read. */
export function waysOut({
  sources,
}: Summary): readonly { readonly purpose: string; readonly command: string }[] {
  const path = sources[0]?.path ?? ''
  // A path that a shell could read otherwise is not put into a command to copy.
  const file = /^[\w./@+][\w./:@+-]*$/.test(path) ? path : 'FILE'
  return [
    { purpose: 'To see why each line was rejected:', command: `winnow parse ${file}` },
    {
      purpose: 'To name the format, one of those that winnow parsers lists:',
      command: `winnow hunt --format ID ${file}`,
    },
  ]
}
