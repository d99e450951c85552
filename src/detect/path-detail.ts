/**
 * The paths of findings: which machines, one after the other, and as whom.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Study } from '../features/feature-set.ts'
import { bestPathsOf, hasPaths } from '../features/paths.ts'
import type { Path } from '../report/report.ts'
import type { Episode } from './episodes.ts'

interface Row {
  readonly root: string
  readonly start: number
  readonly steps: readonly (readonly [from: string, to: string, user: string, at: number])[]
}

const detailOf = ({ steps }: Row): Path => ({
  kind: 'path',
  hops: steps.map(([from, to, user, at], i) => ({
    time: new Date(at).toISOString(),
    from,
    to,
    user,
    switched: i > 0 && steps[i - 1]?.[2] !== user,
  })),
})

/** With the names of more, the engine refuses a question as too long. */
const rootsAtOnce = 200

/** Gives episodes the path that each is told by; the tables of the study's paths must be filled. */
export const tellPaths = async (
  engine: Engine,
  study: Study,
  episodes: readonly Episode[],
  options: QueryOptions,
): Promise<readonly Episode[]> => {
  if (!hasPaths(study.set)) return episodes
  const roots = [...new Set(episodes.map(({ entity }) => entity[0] ?? ''))]
  const rows: Row[] = []
  for (let from = 0; from < roots.length; from += rootsAtOnce)
    rows.push(...(await engine.rows<Row>(bestPathsOf(study, roots.slice(from, from + rootsAtOnce)), options)))
  return episodes.map((episode) => {
    const { startMs, windowSeconds } = episode.strongest
    const path = rows.find(
      ({ root, start }) =>
        root === episode.entity[0] && start >= startMs && start < startMs + windowSeconds * 1000,
    )
    return path === undefined ? episode : { ...episode, path: detailOf(path) }
  })
}
