import { defineSourceDetector } from 'winnow'
import { blindText } from './source-silent.ts'

const percent = (share: number): string =>
  share > 0 && share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`

export default defineSourceDetector({
  id: 'source-rejects',
  title: 'A log that is no longer understood',
  description:
    'Lines that no parser understands are not looked at by any detector. Where many more of a log are rejected than of the same log before, its format has changed, its writer is broken, or somebody writes into it what does not belong there. The lines are compared in blocks with all lines of the log before them.',
  attack: ['T1562'],
  lookalikes: ['An update that changed the format: a mapping or another --format reads it again'],
  measure: 'rejects',
  sentence: (f) => {
    const blind = f.blinded.length === 0 ? '' : `; ${blindText(f.blinded)}`
    return `${percent(f.share)} of the lines of ${f.entity} could not be read since ${f.since}, ${f.lines} in all, where ${percent(f.usualShare)} were before${blind}`
  },
  phrase: (f) => `wrote ${f.lines} lines that could not be read`,
})
