import { appendFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { inPlace } from './tail-place.ts'

test(
  'a file is followed once, however many links lead to it, and nothing is lost when a link moves on',
  inPlace(async ({ file, logs, start, stop, settle, taken }) => {
    const linkTo = async (target: string, link: string): Promise<void> => {
      await rm(file(link), { force: true })
      await symlink(target, file(link))
    }
    const elsewhere = path.join(logs, '..', 'elsewhere')
    await mkdir(elsewhere)
    await writeFile(path.join(elsewhere, 'far.log'), 'far\n')
    for (const link of ['first', 'second']) await linkTo(path.join(elsewhere, 'far.log'), link)
    await linkTo('missing.log', 'dangling')
    await writeFile(file('app-2026-01-01.log'), 'one\n')
    await linkTo('app-2026-01-01.log', 'current')
    await linkTo('app-2026-01-01.log', 'app.INFO')
    for (const paths of [[logs], [file('*')]]) {
      await start({ paths })
      await settle(5000)
      await stop()
    }
    await start()
    await appendFile(file('app-2026-01-01.log'), 'two\n')
    await writeFile(file('app-2026-01-02.log'), 'three\n')
    await linkTo('app-2026-01-02.log', 'current')
    await appendFile(file('app-2026-01-01.log'), 'late\n')
    await settle(5000)
    await appendFile(file('app-2026-01-02.log'), 'four\n')
    await settle(5000)
    expect(await taken()).toEqual({
      [file('first')]: ['far'],
      [file('app-2026-01-01.log')]: ['one', 'two', 'late'],
      [file('app-2026-01-02.log')]: ['three', 'four'],
    })
  }),
)

test(
  'what was read through a link is not read again when the file that it leads to is followed itself',
  inPlace(async ({ file, logs, start, stop, settle, taken }) => {
    await writeFile(file('app-1.log'), 'one\n')
    await symlink('app-1.log', file('current'))
    await start({ paths: [file('current')] })
    await appendFile(file('app-1.log'), 'two\n')
    await settle()
    await stop()
    await appendFile(file('app-1.log'), 'three\n')
    // The link is named first: it is the file itself that is followed, as that source says.
    await start({ paths: [file('current'), logs] })
    await appendFile(file('app-1.log'), 'four\n')
    await settle()
    await settle(5000)
    expect(await taken()).toEqual({
      [file('current')]: ['one', 'two'],
      [file('app-1.log')]: ['three', 'four'],
    })
  }),
)

test(
  'a file that no source names any more is not followed, and read on when one names it again',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await writeFile(file('b.log'), 'other\n')
    await start()
    await stop()
    await appendFile(file('a.log'), 'two\n')
    await start({ paths: [file('b.log')] })
    await settle()
    await settle(4 * 86_400_000)
    expect((await taken())[file('a.log')]).toEqual(['one'])
    await start()
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two'], [file('b.log')]: ['other'] })
  }),
)
