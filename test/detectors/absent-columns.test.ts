import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import accountNew from '../../detectors/account-new.ts'
import accountRevived from '../../detectors/account-revived.ts'
import hostDailyActivity from '../../detectors/host-daily-activity.ts'
import userDailyActivity from '../../detectors/user-daily-activity.ts'
import type { Detector } from '../../src/detect/detector.ts'
import { featureSetOf } from '../../src/detect/windows.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { historiesOf } from '../../src/features/history.ts'
import { peerGroups } from '../../src/features/peers.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { id } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine } from '../features/insert-events.ts'

const day = 86_400

let engine: Engine
let close: () => Promise<void>
beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await engine.createTable(peerGroups)
  // Two who are there, and nothing else is told of them; another has been on a machine.
  await insertEvents(engine, [
    { at: 60, category: 'auth', user_name: 'ann', source_ip: '10.0.0.1' },
    { at: day, category: 'auth', user_name: 'ann', source_ip: '10.0.0.1' },
    { at: day, category: 'auth', user_name: 'bob', source_ip: '10.0.0.2', host_name: 'files1' },
    { at: 2 * day, category: 'app', user_name: 'cleo' },
    { at: 2 * day, category: 'dns', source_ip: '10.0.0.3' },
  ])
})
afterAll(() => close())

/** What a detector counts of the values of columns, by whom and day. */
const counted = async (detector: Detector): Promise<Record<string, number>> => {
  const set = featureSetOf(detector)
  const study = {
    set,
    range: { fromMs: epochMs, toMs: epochMs + 5 * day * 1000 },
    prefix: detector.id.replaceAll('-', '_'),
  }
  const tallies = talliesOf(study, day)
  for (const { table, fill } of [...historiesOf(study), tallies]) {
    await engine.createTable(table)
    await engine.run(fill)
  }
  const rows = await engine.rows<Record<string, string | number>>(
    compileWindows(study, { seconds: day, minEvents: 1, tallies: id(tallies.table.name), tallySeconds: day }),
  )
  const names = Object.entries(set.features).flatMap(([name, { kind }]) =>
    kind === 'distinct' || kind === 'firstSeen' ? [name] : [],
  )
  expect(names.length).toBeGreaterThan(2)
  const found = rows.flatMap((row) => {
    const at = (Date.parse(`${row.window}Z`) - epochMs) / day / 1000
    return names
      .filter((name) => Number(row[`f_${name}`]) > 0)
      .map((name) => [`${row.e0} ${at} ${name}`, Number(row[`f_${name}`])])
  })
  return Object.fromEntries(found) as Record<string, number> // pairs of a text and a number
}

describe('what an event does not tell', () => {
  it('is no value of a user’s day: machines and sources are those that are named', async () => {
    const sources = { 'ann 0 sources': 1, 'ann 1 sources': 1, 'bob 1 sources': 1 }
    expect(await counted(accountNew)).toEqual({ ...sources, 'bob 1 hosts': 1 })
    expect(await counted(accountRevived)).toEqual({
      'ann 0 newSources': 1,
      'bob 1 hosts': 1,
      'bob 1 newSources': 1,
    })
    expect(await counted(userDailyActivity)).toEqual({ ...sources, 'bob 1 hosts': 1, 'bob 1 newHosts': 1 })
  })

  it('is no value of a machine’s day', async () => {
    expect(await counted(hostDailyActivity)).toEqual({
      '::ffff:10.0.0.1 0 users': 1,
      '::ffff:10.0.0.1 1 users': 1,
      '::ffff:10.0.0.2 1 users': 1,
    })
  })
})
