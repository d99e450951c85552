import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { referencePages } from '../scripts/reference.ts'

const folder = new URL('../docs/reference/', import.meta.url)
const pages = await referencePages()

describe('the reference pages', () => {
  it.each([...pages])('%s is what `npm run reference` writes', (name, text) => {
    expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
  })

  it('are all there is in the folder', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted())
  })
})
