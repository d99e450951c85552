/**
 * Other people's log lines with what they make of them: folders with a log, a `config.yaml` that names its kind, and a
 * `parser.assert` of lines such as `results["s01-parse"]["nginx-logs"][0].Evt.Parsed["status"] == "404"`.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** What is expected of one line, by name: `Meta.source_ip`. */
export type Expected = ReadonlyMap<string, string>

export interface ParserCase {
  readonly name: string
  /** The kind of log, as its makers call it. */
  readonly logType: string
  readonly file: string
  readonly lines: readonly string[]
  /** By line, from 0. */
  readonly expected: ReadonlyMap<number, Expected>
}

interface Assertion {
  /** Stage and parser. */
  readonly node: string
  readonly index: number
  readonly name: string
  readonly value: string
}

const form = /^results\["([^"]+)"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.(\w+)\["([^"]+)"\](\[\d*:\])? == (".*")\s*$/

/** A text in quotes with escapes; undefined where it has escapes that JSON lacks. */
const unquoted = (text: string): string | undefined => {
  try {
    return String(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The values that a `parser.assert` expects; a part of a value is named with its cut: `Meta.timestamp[4:]`. */
export const readAssertions = (text: string): Assertion[] =>
  text.split('\n').flatMap((line) => {
    const [, stage, parser, index, group, name, cut = '', quoted] = form.exec(line) ?? []
    const value = quoted === undefined ? undefined : unquoted(quoted)
    if (value === undefined) return []
    return [{ node: `${stage} ${parser}`, index: Number(index), name: `${group}.${name}${cut}`, value }]
  })

const holds = (line: string, message: string): boolean =>
  line.includes(message) || line.includes(JSON.stringify(message).slice(1, -1))

/**
 * What is expected of each line. The results of a parser are in the order of the lines and say which part of the line they
 * are of; those that don't are left out.
 */
export const expectationsOf = (
  lines: readonly string[],
  assertions: readonly Assertion[],
): Map<number, Map<string, string>> => {
  const results = new Map<string, Map<number, Map<string, string>>>()
  for (const { node, index, name, value } of assertions) {
    const ofNode = results.get(node) ?? new Map<number, Map<string, string>>()
    results.set(node, ofNode)
    ofNode.set(index, (ofNode.get(index) ?? new Map<string, string>()).set(name, value))
  }
  const expected = new Map<number, Map<string, string>>()
  for (const ofNode of results.values()) {
    let next = 0
    for (const [, values] of [...ofNode].toSorted(([a], [b]) => a - b)) {
      const message = values.get('Parsed.message')?.trimEnd() ?? ''
      if (message === '') continue
      const at = lines.findIndex((line, i) => i >= next && holds(line, message))
      if (at === -1) continue
      next = at + 1
      expected.set(at, new Map([...(expected.get(at) ?? []), ...values]))
    }
  }
  return expected
}

const setting = (config: string, name: string): string =>
  new RegExp(`^${name}: *"?([^"\\n]*?)"? *$`, 'm').exec(config)?.[1] ?? ''

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** The case in a folder; undefined where its log is not there. */
export const readCase = (folder: string): ParserCase | undefined => {
  const config = textOf(path.join(folder, 'config.yaml'))
  const file = path.join(folder, setting(config, 'log_file'))
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const assertions = readAssertions(textOf(path.join(folder, 'parser.assert')))
  return {
    name: path.basename(folder),
    logType: setting(config, 'log_type'),
    file,
    lines,
    expected: expectationsOf(lines, assertions),
  }
}

/** The folders of a folder's cases; a case's own folder is one too. Empty where there is none. */
export const caseFolders = (folder: string): string[] => {
  if (!existsSync(folder)) return []
  if (existsSync(path.join(folder, 'config.yaml'))) return [folder]
  return readdirSync(folder)
    .toSorted()
    .map((name) => path.join(folder, name))
    .filter((one) => existsSync(path.join(one, 'config.yaml')))
}
