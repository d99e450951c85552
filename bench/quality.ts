/**
 * `npm run bench:quality [-- PART [FOLDER]] [--json] [--write]`: what is found on labelled logs, and on generated ones.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { machineText, sharedData, thisMachine } from './place.ts'
import { beaconCapture, beaconGrid, captureText, gridText } from './quality/beacons.ts'
import { dgaQuality, dgaText, nameLists } from './quality/dga.ts'
import { dnsQuality, dnsText } from './quality/dns.ts'
import { benignHaystack, realHaystack, thinningText } from './quality/haystacks.ts'
import { labelledFiles } from './quality/labelled.ts'
import { logFiles } from './quality/log-files.ts'
import { loginQuality, loginText } from './quality/logins.ts'
import { officeQuality, officeText } from './quality/office.ts'
import { caseFolders } from './quality/parser-cases.ts'
import { parserQuality, parsersText } from './quality/parsers.ts'
import { proxyQuality, proxyText } from './quality/proxy.ts'
import { thinning } from './quality/thinning.ts'
import { webQuality, webText } from './quality/web.ts'
import { captureFolders, zeekQuality, zeekText } from './quality/zeek.ts'
import { writeSection } from './results.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    days: { type: 'string', default: '5' },
    clients: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
    benign: { type: 'boolean', default: false },
  },
})

const say = (text: string): void => console.error(text)

interface Outcome {
  readonly results: readonly unknown[]
  readonly text: string
}

interface Part {
  /** What to judge, in the folder that was named or in the usual one; null: what it judges is generated. */
  readonly inputs: ((folder: string | undefined) => readonly string[]) | null
  readonly run: (inputs: readonly string[]) => Promise<Outcome>
}

/** Each input by itself, one after the other; then what all of them say. */
const eachOf =
  <T>(judge: (input: string) => Promise<T>, text: (results: readonly T[]) => string): Part['run'] =>
  async (inputs) => {
    const results: T[] = []
    for (const input of inputs) results.push(await judge(input))
    return { results, text: text(results) }
  }

const logsIn =
  (...usual: readonly string[]) =>
  (folder: string | undefined): readonly string[] =>
    logFiles(folder ?? sharedData(...usual))

const labelledIn =
  (...usual: readonly string[]) =>
  (folder: string | undefined): readonly string[] =>
    labelledFiles(folder ?? sharedData(...usual))

const runThinning = async (files: readonly string[]): Promise<Outcome> => {
  const results = await thinning(benignHaystack())
  for (const file of files) results.push(...(await thinning(realHaystack(file))))
  return { results, text: thinningText(results) }
}

const runOffice = async (): Promise<Outcome> => {
  const { days, seed, clients, benign } = values
  const options = { days: Number(days), seed: Number(seed), clients: Number(clients), benign }
  const result = await officeQuality(options, say)
  return { results: [result], text: officeText(result) }
}

/** The grid is generated; the captures come on top. */
const runBeacons = async (files: readonly string[]): Promise<Outcome> => {
  const grid = await beaconGrid(Number(values.seed))
  const captures = []
  for (const file of files) captures.push(await beaconCapture(file))
  return { results: [grid, ...captures], text: [gridText(grid), ...captures.map(captureText)].join('\n\n') }
}

const parts: Readonly<Record<string, Part>> = {
  web: {
    inputs: logsIn('web'),
    run: eachOf(webQuality, (results) => results.map(webText).join('\n\n')),
  },
  // Slow attackers can be hidden in generated traffic alone.
  thinning: { inputs: null, run: () => runThinning(logsIn('web')(positionals[1])) },
  logins: {
    inputs: logsIn('auth'),
    run: eachOf(loginQuality, (results) => results.map(loginText).join('\n\n')),
  },
  proxy: { inputs: labelledIn('copyleft', 'proxy'), run: eachOf(proxyQuality, proxyText) },
  beacons: { inputs: null, run: () => runBeacons(labelledIn('copyleft', 'proxy')(positionals[1])) },
  dga: {
    inputs: (folder) => nameLists(folder ?? sharedData('copyleft', 'dga')),
    run: eachOf(dgaQuality, dgaText),
  },
  dns: { inputs: labelledIn('dns'), run: eachOf(dnsQuality, dnsText) },
  zeek: {
    inputs: (folder) =>
      folder === undefined
        ? [
            ...captureFolders(sharedData('copyleft', 'zeek')),
            ...captureFolders(sharedData('copyleft', 'proxy', 'rita-proxy')),
          ]
        : captureFolders(folder),
    run: eachOf(zeekQuality, zeekText),
  },
  office: { inputs: null, run: runOffice },
  parsers: {
    inputs: (folder) => caseFolders(folder ?? sharedData('parsers', 'crowdsec')),
    run: async (folders) => {
      const results = await parserQuality(folders)
      return { results, text: parsersText(results) }
    },
  },
}

const main = async (): Promise<void> => {
  const [named, folder] = positionals
  if (named !== undefined && !Object.hasOwn(parts, named)) {
    say(`Name a part, and a folder if you like: ${Object.keys(parts).join(', ')}`)
    process.exitCode = 2
    return
  }
  const machine = thisMachine()
  const outcomes: Record<string, readonly unknown[]> = {}
  for (const [name, part] of Object.entries(parts)) {
    if (named !== undefined && name !== named) continue
    const inputs = part.inputs?.(folder) ?? []
    if (part.inputs !== null && inputs.length === 0) {
      say(`${name}: nothing to judge in ${folder ?? 'the usual folder'}`)
      continue
    }
    const { results, text } = await part.run(inputs)
    outcomes[name] = results
    if (!values.json) console.log(`${text}\n`)
    if (values.write)
      say(`written to ${writeSection(`quality ${name}`, `${machineText(machine)}\n\n${text}`)}`)
  }
  if (values.json) console.log(JSON.stringify({ machine, ...outcomes }, null, 2))
}

await main()
