import { defineSourceDetector } from 'winnow'

export default defineSourceDetector({
  id: 'source-silent',
  title: 'A log that stopped, or a machine that stopped writing into it',
  description:
    'Who switches logging off is not seen by anything that reads logs, and what breaks by itself blinds as well. Each log, and each machine that writes into a log of several, is compared with its own habits: how often there is a line at this time of the week, and how long it was ever quiet. Nights and weekends of an office weigh nothing; what ends together with all the others ended there. The detectors that read hardly anything else are named.',
  attack: ['T1562'],
  lookalikes: [
    'A file that was copied at another time than the others, or a generation of it that was not given',
    'Maintenance, a holiday',
  ],
  measure: 'silence',
  sentence: (f) => {
    const blind = f.blinded.length === 0 ? '' : `; ${blindText(f.blinded)}`
    const usual = f.lines > 0 ? `, where ${f.lines} lines are usual` : ''
    return f.until === null
      ? `${f.entity} has been silent since ${f.since}, for ${f.duration}${usual}${blind}`
      : `${f.entity} was silent from ${f.since} for ${f.duration}${usual}${blind}`
  },
  phrase: (f) => `fell silent for ${f.duration}`,
})

/** "this blinds beacon, network-scan and 3 more detectors". */
export const blindText = (blinded: readonly string[]): string => {
  const named = blinded.slice(0, 2)
  const more = blinded.length - named.length
  return `this blinds ${more === 0 ? named.join(' and ') : `${named.join(', ')} and ${more} more detectors`}`
}
