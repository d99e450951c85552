import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const tutorial = readFileSync(path.join(root, 'docs/tutorial.md'), 'utf8')

/** The code blocks that begin with the name of a file. */
const blocks = [...tutorial.matchAll(/```js\n\/\/ (\S+)\n(.*?)```/gs)].map((match) => ({
  name: match[1] ?? '',
  code: match[2] ?? '',
}))

const home = process.cwd()
let folder: string

beforeAll(() => {
  // Inside the project, so that `winnow` is found by its name.
  mkdirSync(path.join(root, 'test', '.run'), { recursive: true })
  folder = mkdtempSync(path.join(root, 'test', '.run', 'tutorial-'))
  for (const { name, code } of blocks) writeFileSync(path.join(folder, name), code)
  process.chdir(folder)
})

afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
})

describe('the tutorial', () => {
  it('has the four files it promises', () => {
    expect(blocks.map((block) => block.name)).toEqual([
      'make-log.js',
      'door-parser.js',
      'door-detector.js',
      'hunt-doors.js',
    ])
  })

  it('names badge B-13 first, as it says, and nobody else', async () => {
    const printed: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((text: unknown) => {
      printed.push(String(text))
    })
    try {
      await import(/* @vite-ignore */ path.join(folder, 'make-log.js'))
      await import(/* @vite-ignore */ path.join(folder, 'hunt-doors.js'))
    } finally {
      log.mockRestore()
    }
    expect(printed[0]).toBe('1. B-13 was refused 24 times at 4 doors in 1 day')
    expect(printed.filter((line) => /^\d+\. /.test(line))).toHaveLength(1)
    expect(printed.some((line) => line.includes(';B-13;') && line.includes('DENIED'))).toBe(true)
  })
})
