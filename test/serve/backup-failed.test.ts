import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { intakeFolder } from '../../src/config/places.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { AppError, type ErrorCode } from '../../src/errors.ts'
import { makeBackup } from '../../src/serve/backup/make.ts'
import { access, inPlace, type Place } from '../ingest/place.ts'

const line = '198.51.100.1 - - [02/Mar/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "-"\n'

/** An engine of which one statement fails: the one so often after the first that holds a text. */
const failingAt = (engine: Engine, method: 'run' | 'rows', text: string, after: number): Engine => {
  let met = 0
  const call = (...given: Parameters<Engine['run']>): unknown => {
    if (JSON.stringify(given[0]).includes(text) && met++ === after)
      throw new AppError('timed-out', { seconds: 1 })
    return engine[method](...given)
  }
  return Object.assign(Object.create(engine), { [method]: call })
}

const nothing = (): Promise<void> => Promise.resolve()

it.each<[string, (place: Place) => Promise<void>, (engine: Engine) => Engine, ErrorCode]>([
  [
    'the intake cannot be copied',
    async ({ data }) => {
      await mkdir(path.join(intakeFolder(data), '000000000099.journal'), { recursive: true })
    },
    (engine) => engine,
    'output-unwritable',
  ],
  [
    'a second table cannot be frozen',
    nothing,
    (engine) => failingAt(engine, 'run', 'FREEZE', 1),
    'timed-out',
  ],
  ['the list cannot be read again', nothing, (engine) => failingAt(engine, 'rows', 'listed', 1), 'timed-out'],
])('where %s, nothing stays frozen', (_, prepare, engineOf, code) =>
  inPlace(async (place) => {
    const { folder, data, engine, load } = place
    const file = path.join(folder, 'access.log')
    await writeFile(file, line)
    await load([file], access)
    await prepare(place)
    const failing = makeBackup({
      to: path.join(folder, 'backup'),
      dataFolder: data,
      engine: engineOf(engine),
      db: null,
      spool: null,
    })
    await expect(failing).rejects.toMatchObject({ code })
    // The engine's own counter, which says that something was.
    expect(await readdir(path.join(data, 'shadow'))).toEqual(['increment.txt'])
  })(),
)
