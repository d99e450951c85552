/**
 * Reads a configuration file. Every problem is told with its line, all at once.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isMap, isNode, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { AppError, messageOf } from '../errors.ts'
import type { Config, ListenAddress } from './config.ts'
import { overridesFrom, type Override } from './environment.ts'
import { makeConfig } from './make.ts'
import { configSchema } from './schema.ts'

export interface ConfigProblem {
  /** `winnow.yaml:12:3`, or the name of a variable. */
  readonly place: string
  readonly problem: string
}

export interface ReadConfig {
  /** Null where there are problems. */
  readonly config: Config | null
  readonly problems: readonly ConfigProblem[]
}

const settings = Object.keys(configSchema.shape)

/** The setting that was probably meant: one typing error away. */
const similarTo = (name: string, known: readonly string[]): string | undefined =>
  known.find((other) => {
    const distance = Array.from(name).filter((letter) => !other.includes(letter)).length
    return Math.abs(other.length - name.length) <= 2 && distance <= 1 && other[0] === name[0]
  })

const knownAt = (place: readonly PropertyKey[]): readonly string[] => {
  let schema: z.ZodType | undefined = configSchema
  for (const step of place) {
    while (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
      // What is wrapped is a schema of this kind.
      schema = schema.unwrap() as z.ZodType
    if (schema instanceof z.ZodArray) schema = schema.element as z.ZodType
    else if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, z.ZodType>)[String(step)]
    else return []
  }
  while (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    schema = schema.unwrap() as z.ZodType
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** Where a path stands in the file: the innermost part of it that is there. */
const offsetOf = (document: Document, place: readonly PropertyKey[]): number => {
  for (let length = place.length; length > 0; length--) {
    const steps = place.slice(0, length)
    const parent = document.getIn(steps.slice(0, -1), true)
    const last = steps.at(-1)
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isNode(key) && String(key) === String(last))
      if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0
    }
    if (isSeq(parent)) {
      const item = parent.items[Number(last)]
      if (isNode(item)) return item.range?.[0] ?? 0
    }
  }
  return 0
}

const wordsOf = (
  issue: z.core.$ZodIssue,
): { readonly at: readonly PropertyKey[]; readonly problem: string }[] => {
  const { path: at } = issue
  const where = at.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const known = knownAt(at)
      const similar = similarTo(key, known)
      const hint = similar === undefined ? `Known here: ${known.join(', ')}` : `Did you mean ${similar}?`
      return { at: [...at, key], problem: `unknown setting ${[...at, key].map(String).join('.')}. ${hint}` }
    })
  if (issue.code === 'invalid_union') {
    const first = issue.errors.flat()[0]
    return [{ at, problem: `${where}: ${first?.message ?? issue.message}` }]
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  return [{ at, problem: missing ? `${where} is missing` : `${where}: ${issue.message}` }]
}

/**
 * A configuration from text.
 *
 * @param file what the file is called in messages
 */
export const parseConfig = (
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): ReadConfig => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`
  }
  if (document.errors.length > 0)
    return {
      config: null,
      problems: document.errors.map(({ pos, message }) => ({ place: placeAt(pos[0]), problem: message })),
    }
  const overrides = overridesFrom(environment, settings)
  for (const { path: at, value } of overrides) document.setIn(at, value)
  const written: unknown = document.toJS({ maxAliasCount: 100 }) ?? {}
  const read = configSchema.safeParse(written, { reportInput: true })
  if (read.success) return { config: makeConfig(read.data), problems: [] }
  const placeOf = (at: readonly PropertyKey[]): string =>
    variableOf(overrides, at) ?? placeAt(offsetOf(document, at))
  const found = read.error.issues
    .flatMap(wordsOf)
    .map(({ at, problem }) => ({ offset: offsetOf(document, at), place: placeOf(at), problem }))
  return {
    config: null,
    problems: found.toSorted((a, b) => a.offset - b.offset).map(({ place, problem }) => ({ place, problem })),
  }
}

const variableOf = (overrides: readonly Override[], at: readonly PropertyKey[]): string | undefined =>
  overrides.find(({ path: own }) => own.every((step, i) => step === String(at[i] ?? '')))?.variable

/** Paths in a file are meant from where the file is. */
const fromFolder = (config: Config, folder: string): Config => {
  const at = (place: string): string => path.resolve(folder, place)
  const { geoip, assets, peers, backup, lists, intake } = config
  const listening = <T extends ListenAddress>(address: T): T => {
    const { tls } = address
    if (tls === undefined) return address
    const { cert, key, clientCa } = tls
    const own = {
      cert: at(cert),
      key: at(key),
      ...(clientCa === undefined ? {} : { clientCa: at(clientCa) }),
    }
    return { ...address, tls: own }
  }
  return {
    ...config,
    data: at(config.data),
    listen: listening(config.listen),
    intake: intake === null ? null : listening(intake),
    syslog: config.syslog.map((source) => ({ ...source, listen: listening(source.listen) })),
    files: config.files.map((source) => ({ ...source, paths: source.paths.map(at) })),
    lists: { categories: lists.categories.map(at), reputation: lists.reputation.map(at) },
    ...(geoip === undefined ? {} : { geoip: at(geoip) }),
    ...(assets === undefined ? {} : { assets: at(assets) }),
    ...(peers === undefined ? {} : { peers: at(peers) }),
    ...(backup === undefined ? {} : { backup: { ...backup, folder: at(backup.folder) } }),
  }
}

/**
 * Reads a configuration file, with what the environment overrides.
 *
 * @throws AppError `invalid-config` where the file cannot be read, or is not right; all its problems are in the message
 */
export const readConfig = async (
  file: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Config> => {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new AppError('invalid-config', { place: file, problem: messageOf(error) }, error)
  }
  const { config, problems } = parseConfig(text, file, environment)
  if (config === null) {
    const [first, ...others] = problems
    const rest = others.map(({ place, problem }) => `\n${place}: ${problem}`).join('')
    throw new AppError('invalid-config', {
      place: first?.place ?? file,
      problem: `${first?.problem ?? ''}${rest}`,
    })
  }
  return fromFolder(config, path.dirname(path.resolve(file)))
}

/** The JSON schema of the file, for editors. */
export const configJsonSchema = (): unknown => ({
  title: 'winnow.yaml',
  description: 'The configuration of a Winnow server.',
  ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
})
