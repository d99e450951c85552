import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { access, accessLines, inPlace, loadInto, openData, stored, text, withFolder } from './place.ts'

test(
  'a load that is cancelled stores nothing that counts, and the next one is whole',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'a.log')
    await writeFile(file, text(accessLines(300_000)))
    const stop = new AbortController()
    const cancelled = load([file], {
      ...access,
      signal: stop.signal,
      onProgress: ({ done }) => done > 0 && stop.abort(),
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(await stored(engine)).toEqual({ rows: 0, different: 0 })
    expect((await load([file], access)).lines).toBe(300_000)
    expect(await stored(engine)).toEqual({ rows: 300_000, different: 300_000 })
  }),
)

test(
  'progress counts bytes on disk, never goes back, and ends at or below the total',
  inPlace(async ({ folder, load }) => {
    await writeFile(path.join(folder, 'a.log'), text(accessLines(200_000)))
    await writeFile(path.join(folder, 'b.log'), text(accessLines(1000, 900_000)))
    const told: number[] = []
    let total = 0
    await load([folder], {
      ...access,
      onProgress: (progress) => {
        told.push(progress.done)
        total = progress.total
      },
    })
    // Each file is told as it begins; how often between depends on how fast it is read.
    expect(told.length).toBeGreaterThanOrEqual(2)
    expect(told.at(-1)).toBeGreaterThan(0)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(Math.max(...told)).toBeLessThanOrEqual(total)
  }),
)

const mount = (folder: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('a full disk is told; once there is room the next run is whole, and nothing counts twice', (context) =>
  withFolder(async (folder) => {
    const disk = path.join(folder, 'disk')
    await mkdir(disk)
    context.skip(!mount(disk), 'a small file system cannot be mounted here')
    try {
      const file = path.join(folder, 'a.log')
      await writeFile(file, text(accessLines(300_000)))
      await writeFile(path.join(folder, 'b.log'), text(accessLines(100, 900_000)))
      const data = path.join(disk, 'data')
      const engine = await openData(data)
      const ballast = path.join(disk, 'ballast')
      try {
        await loadInto(engine, data)([path.join(folder, 'b.log')], access)
        const room = Number(execFileSync('df', ['--output=avail', '-B1', disk]).toString().split('\n')[1])
        await writeFile(ballast, Buffer.alloc(room - 2_000_000))
        const full = loadInto(engine, data)([file], access)
        await expect(full).rejects.toMatchObject({ code: 'disk-full' })
      } finally {
        await engine.close()
      }
      await rm(ballast)
      const again = await openData(data)
      try {
        expect((await loadInto(again, data)([file, path.join(folder, 'b.log')], access)).lines).toBe(300_100)
        expect(await stored(again)).toEqual({ rows: 300_100, different: 300_100 })
      } finally {
        await again.close()
      }
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  }))
