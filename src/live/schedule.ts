/**
 * When each detector looks at all of its history again. Machines have other work, what is new above all: a detector may take a
 * fortieth of the time, all that must look back about half of it, and what can go on by itself need not look back often.
 *
 * @module
 */

export interface Job {
  /** When it began last, and how long it took, in ms; null before the first time. */
  readonly startedMs: number | null
  readonly tookMs: number
  readonly runs: number
  /** Whether it goes on with what is new by itself. */
  readonly goesOn: boolean
  /** Whether there is anything it has not seen. */
  readonly hasNews: boolean
  /** How many of its last looks failed, one after the other. */
  readonly failures: number
  /** Whether old logs wait, which only a new look finds, and how many looks there were for that, one after the other. */
  readonly isOwed: boolean
  readonly owedRuns: number
  /** Whether it could go on by itself if there were a model. */
  readonly lacksModel: boolean
}

const secondsMs = 1000
const share = 40
const mostPauseMs = 900 * secondsMs

/** How long to wait between the starts of two runs, in ms. */
const pauseMs = ({ tookMs, runs, goesOn, failures, isOwed, owedRuns, lacksModel }: Job): number => {
  const soon = Math.max(5 * secondsMs, tookMs * 5)
  // What fails, fails again soon after; old logs that never end have to wait longer each time.
  if (failures > 0) return Math.min(mostPauseMs, soon * 2 ** Math.min(failures - 1, 8))
  if (isOwed) return Math.min(Math.max(mostPauseMs, tookMs * share), soon * 2 ** Math.min(owedRuns, 8))
  // At first there is too little to learn from; where there is still nothing later, it may be never.
  if (lacksModel)
    return runs <= 5
      ? soon
      : Math.max(5 * secondsMs * Math.min(runs - 4, 12), Math.min(mostPauseMs, tookMs * share))
  if (!goesOn) return Math.min(mostPauseMs, Math.max(20 * secondsMs, tookMs * share))
  // What was learned from an hour holds for minutes, what was learned from days holds for an hour.
  const growing = 30 * secondsMs * 2 ** Math.min(runs, 7)
  return Math.min(3600 * secondsMs, Math.max(growing, tookMs * share))
}

/**
 * When it is due, in ms since 1970; null while there is nothing for it to see.
 *
 * @param pace what the usual pause is multiplied by
 */
export const dueMs = (job: Job, pace = 1): number | null => {
  if (job.startedMs === null) return job.hasNews ? 0 : null
  if (!job.hasNews && !job.isOwed) return null
  return job.startedMs + pauseMs(job) * pace
}

/** The job that has waited longest beyond its time; null where none is due. */
export const nextDue = <Key>(jobs: ReadonlyMap<Key, Job>, nowMs: number, pace = 1): Key | null => {
  const due = [...jobs].flatMap(([key, job]) => {
    const at = dueMs(job, pace)
    return at === null || at > nowMs ? [] : [{ key, at }]
  })
  return due.toSorted((a, b) => a.at - b.at)[0]?.key ?? null
}
