/**
 * RESULTS.md: sections that the benches write, between marks; what is around them stays.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from './place.ts'

/** `document` with the section replaced, or added at its end. */
export const withSection = (document: string, name: string, body: string): string => {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`]
  const section = `${begin}\n\n${body.trim()}\n\n${end}`
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${section}\n`
  return document.slice(0, from) + section + document.slice(to + end.length)
}

export const writeSection = (name: string, body: string): string => {
  const file = path.join(projectRoot(), 'bench', 'RESULTS.md')
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), name, body))
  return file
}
