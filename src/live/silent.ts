import { isActive, type Post } from './post.ts'

/** A log, or a machine that writes into one, of which nothing comes. */
export interface SilentSource {
  readonly source: string
  /** ISO 8601. */
  readonly since: string
  /** Ids of the detectors that read hardly anything else. */
  readonly blinds: readonly string[]
}

/** What was still silent at the last look at it, the longest first. */
export const silentNow = (post: Post): readonly SilentSource[] =>
  post.watches
    .filter((watch) => watch.detector.measure?.kind === 'silence' && isActive(post, watch))
    .flatMap(({ detection }) => detection?.episodes ?? [])
    .toSorted((a, b) => a.firstMs - b.firstMs)
    .flatMap(({ firstMs, source: told, entity: [log = ''] }) =>
      told === undefined || told.facts.until !== null
        ? []
        : [
            {
              source: told.host === '' ? log : told.host,
              since: new Date(firstMs).toISOString(),
              blinds: told.blinded.map(({ id }) => id),
            },
          ],
    )
