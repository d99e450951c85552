/**
 * `npm run bench:quality [-- web|logins|thinning [FOLDER]] [--json] [--write]`: what is found on labelled logs.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { machineText, sharedData, thisMachine } from './place.ts'
import { benignHaystack, realHaystack, thinningText } from './quality/haystacks.ts'
import { logFiles } from './quality/log-files.ts'
import { loginQuality, loginText, type LoginQuality } from './quality/logins.ts'
import { thinning, type ThinResult } from './quality/thinning.ts'
import { webQuality, webText, type WebQuality } from './quality/web.ts'
import { writeSection } from './results.ts'

const parts = ['web', 'thinning', 'logins'] as const
type Part = (typeof parts)[number]

const isPart = (text: string): text is Part => parts.some((part) => part === text)

interface Outcome {
  readonly results: readonly (WebQuality | ThinResult | LoginQuality)[]
  readonly text: string
}

const runWeb = async (files: readonly string[]): Promise<Outcome> => {
  const results: WebQuality[][] = []
  for (const file of files) results.push(await webQuality(file))
  return { results: results.flat(), text: results.map(webText).join('\n\n') }
}

const runThinning = async (files: readonly string[]): Promise<Outcome> => {
  const results = await thinning(benignHaystack())
  for (const file of files) results.push(...(await thinning(realHaystack(file))))
  return { results, text: thinningText(results) }
}

const runLogins = async (files: readonly string[]): Promise<Outcome> => {
  const results: LoginQuality[] = []
  for (const file of files) results.push(await loginQuality(file))
  return { results, text: results.map(loginText).join('\n\n') }
}

const runs: Readonly<Record<Part, (files: readonly string[]) => Promise<Outcome>>> = {
  web: runWeb,
  thinning: runThinning,
  logins: runLogins,
}

const usual: Readonly<Record<Part, string>> = { web: 'web', thinning: 'web', logins: 'auth' }

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  })
  const [named, folder] = positionals
  if (named !== undefined && !isPart(named)) {
    console.error(`Name a part, and a folder if you like: ${parts.join(', ')}`)
    process.exitCode = 2
    return
  }
  const machine = thisMachine()
  const outcomes: Partial<Record<Part, readonly unknown[]>> = {}
  for (const part of named === undefined ? parts : [named]) {
    const place = folder ?? sharedData(usual[part])
    const files = logFiles(place)
    if (files.length === 0) console.error(`${part}: no *.log or *.log.gz in ${place}`)
    // Slow attackers can be hidden in generated traffic alone.
    if (files.length === 0 && part !== 'thinning') continue
    const { results, text } = await runs[part](files)
    outcomes[part] = results
    if (!values.json) console.log(`${text}\n`)
    if (values.write)
      console.error(`written to ${writeSection(`quality ${part}`, `${machineText(machine)}\n\n${text}`)}`)
  }
  if (values.json) console.log(JSON.stringify({ machine, ...outcomes }, null, 2))
}

await main()
