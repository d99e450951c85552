import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { Detector } from '../../src/detect/detector.ts'
import { secondsOf } from '../../src/detect/detector.ts'
import { shortestSeconds, workPrefix } from '../../src/detect/run.ts'
import { featureSetOf } from '../../src/detect/windows.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import type { Study, TimeRange } from '../../src/features/feature-set.ts'
import { historiesOf } from '../../src/features/history.ts'
import { momentTables } from '../../src/features/moments.ts'
import { pathTables } from '../../src/features/paths.ts'
import { proofTables } from '../../src/features/unproven.ts'
import { id, render, type Sql } from '../../src/sql/sql.ts'

const range: TimeRange = { fromMs: Date.UTC(2026, 2, 2), toMs: Date.UTC(2026, 2, 3) }

/** Long lines are broken where a clause begins, so that a change shows as a change of few lines. */
const readable = (fragment: Sql): string => {
  const { text, values } = render(fragment)
  const broken = text.replaceAll(
    / (?=SELECT |FROM |WHERE |GROUP BY |HAVING |GLOBAL )|(?<=,) (?=\w+(?:If)?\()/g,
    '\n',
  )
  const bound = Object.entries(values).map(([name, value]) => `-- ${name} = ${JSON.stringify(value)}`)
  return [broken, ...bound, ''].join('\n')
}

const sqlOf = (detector: Detector): string => {
  const study: Study = { set: featureSetOf(detector), range, prefix: workPrefix(detector) }
  const tallySeconds = shortestSeconds(detector)
  const tallies = talliesOf(study, tallySeconds)
  return [
    ...historiesOf(study).map(({ table, fill }) => `-- value history ${table.name}\n${readable(fill)}`),
    ...momentTables(study).map(({ table, fill }) => `-- moments ${table.name}\n${readable(fill)}`),
    ...pathTables(study).map(({ table, fill }) => `-- paths ${table.name}\n${readable(fill)}`),
    ...proofTables(study).map(({ table, fill }) => `-- proofs ${table.name}\n${readable(fill)}`),
    `-- tallies\n${readable(tallies.fill)}`,
    ...detector.windows.map(({ length, minEvents }) => {
      const query = { seconds: secondsOf(length), minEvents, tallies: id(tallies.table.name), tallySeconds }
      return `-- windows of ${length}\n${readable(compileWindows(study, query))}`
    }),
  ].join('\n')
}

/** Detectors of sources count no events by windows. */
const counting = detectors.filter(({ measure }) => measure === null)

describe('the SQL of a detector', () => {
  it.each(counting.map((detector) => [detector.id, detector] as const))(
    '%s is as reviewed',
    async (id, detector) => {
      await expect(sqlOf(detector)).toMatchFileSnapshot(`golden/${id}.sql`)
    },
  )

  it('is on file for every detector, and for no other', () => {
    const files = readdirSync(new URL('golden/', import.meta.url)).toSorted()
    expect(files).toEqual(counting.map((detector) => `${detector.id}.sql`).toSorted())
  })
})

describe('the list of detectors', () => {
  it('names every file of the folder', () => {
    const files = readdirSync(new URL('../../detectors/', import.meta.url))
    const ids = files.filter((file) => file !== 'index.ts').map((file) => file.replace(/\.ts$/, ''))
    expect(ids.length).toBeGreaterThan(0)
    expect(detectors.map((detector) => detector.id).toSorted()).toEqual(ids.toSorted())
  })

  it.each(detectors.map((detector) => [detector.id, detector] as const))('%s is complete', (_, detector) => {
    expect(detector.description.length).toBeGreaterThan(80)
    expect(detector.attack.every((technique) => /^T\d{4}(?:\.\d{3})?$/.test(technique))).toBe(true)
    expect(detector.scored.every((name) => name in detector.features)).toBe(true)
    expect(detector.windows.length).toBeGreaterThan(0)
  })
})
