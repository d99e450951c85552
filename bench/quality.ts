/**
 * `npm run bench:quality [-- PART [FOLDER]] [--json] [--write]`: what is found on labelled logs, and on generated ones.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { machineText, sharedData, thisMachine } from './place.ts'
import { alertQuality, alertsText, alertTables } from './quality/alerts.ts'
import { beaconCapture, beaconGrid, captureText, gridText } from './quality/beacons.ts'
import { dgaQuality, dgaText, nameLists } from './quality/dga.ts'
import { dnsQuality, dnsText } from './quality/dns.ts'
import { doses, dosesText } from './quality/doses.ts'
import { attackKinds } from './inject/kinds.ts'
import { benignHaystack, realHaystack, thinningText } from './quality/haystacks.ts'
import { labelledFiles } from './quality/labelled.ts'
import { logFiles } from './quality/log-files.ts'
import { injectionText, loginInjection } from './quality/logins-injected.ts'
import { loginQuality, loginText } from './quality/logins.ts'
import { officeQuality, officeText } from './quality/office.ts'
import { caseFolders } from './quality/parser-cases.ts'
import { parserQuality, parsersText } from './quality/parsers.ts'
import { payloadQuality, payloadsText } from './quality/payloads.ts'
import { proxyQuality, proxyText } from './quality/proxy.ts'
import { tabularQuality, tabularText } from './quality/tabular.ts'
import { tableFiles } from './quality/tabular-sets.ts'
import { thinning } from './quality/thinning.ts'
import { lanlQuality, lanlText } from './quality/users-lanl.ts'
import { userQuality, userText } from './quality/users.ts'
import { webQuality, webText } from './quality/web.ts'
import { targetsText, webTargets, type WebTargets } from './quality/web-targets.ts'
import { weekQuality, weekText } from './quality/week.ts'
import { differenceText, writeBaseline } from './quality/week-baseline.ts'
import { captureFolders, zeekQuality, zeekText } from './quality/zeek.ts'
import { writeSection } from './results.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    // Without a default: parts differ in how long their logs are.
    days: { type: 'string' },
    scale: { type: 'string', default: '1' },
    'write-baseline': { type: 'boolean', default: false },
    clients: { type: 'string', default: '90' },
    users: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    people: { type: 'string', default: '400' },
    weeks: { type: 'string', default: '7' },
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

const runWeb = async (files: readonly string[]): Promise<Outcome> => {
  const results: WebTargets[] = []
  for (const haystack of [...files.map(realHaystack), benignHaystack(60_000)])
    results.push(await webTargets(haystack))
  return { results, text: targetsText(results) }
}

const runOffice = async (): Promise<Outcome> => {
  const { days, seed, clients, benign } = values
  const options = { days: Number(days ?? 5), seed: Number(seed), clients: Number(clients), benign }
  const result = await officeQuality(options, say)
  return { results: [result], text: officeText(result) }
}

const runWeek = async (): Promise<Outcome> => {
  const { days, seed, scale } = values
  const result = await weekQuality({ days: Number(days ?? 7), seed: Number(seed), scale: Number(scale) }, say)
  const compared = differenceText(result)
  if (values['write-baseline']) say(`week: written to ${writeBaseline(result)}`)
  return { results: [result], text: `${weekText(result)}\n\n${compared}` }
}

const runLogins = async (files: readonly string[]): Promise<Outcome> => {
  const real = []
  for (const file of files) real.push(await loginQuality(file))
  const options = { users: Number(values.users), days: Number(values.days ?? 14), seed: Number(values.seed) }
  const injected = await loginInjection(options, say)
  return {
    results: [...real, injected],
    text: [...real.map(loginText), injectionText(injected)].join('\n\n'),
  }
}

/** `doses [KIND] [FOLDER]` */
const runDoses = async (): Promise<Outcome> => {
  const [, kind, place] = positionals
  if (kind !== undefined && !attackKinds.some(({ id }) => id === kind)) {
    say(`doses: name a kind of attack: ${attackKinds.map(({ id }) => id).join(', ')}`)
    process.exitCode = 2
    return { results: [], text: '' }
  }
  const run = { ...(kind === undefined ? {} : { kind }), ...(place === undefined ? {} : { place }) }
  const results = await doses({ ...run, seed: Number(values.seed) }, say)
  return { results, text: dosesText(results) }
}

const runUsers = async (): Promise<Outcome> => {
  const options = { people: Number(values.people), days: Number(values.weeks) * 7, seed: Number(values.seed) }
  const result = await userQuality(options, say)
  return { results: [result], text: userText(result) }
}

/** Logins in the form of the LANL data set. */
const runLanl = async (folder: string): Promise<Outcome> => {
  const result = await lanlQuality(folder)
  return { results: [result], text: lanlText(result) }
}

/** The grid is generated; the captures come on top. */
const runBeacons = async (files: readonly string[]): Promise<Outcome> => {
  const grid = await beaconGrid(Number(values.seed))
  const captures = []
  for (const file of files) captures.push(await beaconCapture(file))
  return { results: [grid, ...captures], text: [gridText(grid), ...captures.map(captureText)].join('\n\n') }
}

const parts: Readonly<Record<string, Part>> = {
  tabular: {
    inputs: (folder) => tableFiles(folder ?? sharedData('tabular', 'adbench')),
    run: async (files) => {
      const result = tabularQuality(files, say)
      return { results: [result], text: tabularText(result) }
    },
  },
  // Slow attackers can be hidden in generated traffic alone.
  web: { inputs: null, run: () => runWeb(logsIn('web')(positionals[1])) },
  'web-findings': {
    inputs: logsIn('web'),
    run: eachOf(webQuality, (results) => results.map(webText).join('\n\n')),
  },
  thinning: { inputs: null, run: () => runThinning(logsIn('web')(positionals[1])) },
  // The organisation is generated; real logs come on top.
  logins: { inputs: null, run: () => runLogins(logsIn('auth')(positionals[1])) },
  proxy: { inputs: labelledIn('copyleft', 'proxy'), run: eachOf(proxyQuality, proxyText) },
  beacons: { inputs: null, run: () => runBeacons(labelledIn('copyleft', 'proxy')(positionals[1])) },
  dga: {
    inputs: (folder) => nameLists(folder ?? sharedData('copyleft', 'dga')),
    run: eachOf(dgaQuality, dgaText),
  },
  payloads: {
    inputs: (folder) => nameLists(folder ?? sharedData('copyleft', 'payloads')),
    run: eachOf(payloadQuality, payloadsText),
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
  alerts: {
    inputs: (folder) => alertTables(folder ?? sharedData('copyleft', 'alerts')),
    run: eachOf(alertQuality, alertsText),
  },
  office: { inputs: null, run: runOffice },
  users: { inputs: null, run: () => (positionals[1] === undefined ? runUsers() : runLanl(positionals[1])) },
  week: { inputs: null, run: runWeek },
  doses: { inputs: null, run: runDoses },
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
