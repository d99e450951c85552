import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { AppError, errorTable, type ErrorCode } from '../src/errors.ts'

const source = fileURLToPath(new URL('../src/', import.meta.url))

const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && name !== 'errors.ts')
  .map((name) => readFileSync(path.join(source, name), 'utf8'))

// The table's own keys.
const codes = Object.keys(errorTable) as ErrorCode[]

describe('the table of errors', () => {
  it.each(codes)('%s is thrown somewhere', (code) => {
    expect(texts.some((text) => text.includes(`AppError('${code}'`))).toBe(true)
  })

  it.each(codes)('%s reads as a sentence even without its facts', (code) => {
    const error = new AppError(code)
    expect(error.message.length).toBeGreaterThan(5)
    expect(error.message).not.toContain('undefined')
    expect(error.exitStatus).toBeGreaterThan(0)
  })
})
