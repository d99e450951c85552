import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { hunt, type HuntRequest } from '../hunt.ts'
import { renderHtml } from '../report/html/page.ts'
import { renderJson } from '../report/json.ts'
import type { Report } from '../report/report.ts'
import { renderTerminal } from '../report/terminal.ts'
import { version } from '../version.ts'
import { readingRequest, type HuntOptions } from './options.ts'
import { print, progressOnStderr, screenOf, talk, writePage } from './output.ts'

/** A request from what was typed. */
export const huntRequest = (paths: readonly string[], options: HuntOptions): HuntRequest => ({
  paths,
  ...readingRequest(options),
  ...(options.since === undefined ? {} : { since: options.since }),
  ...(options.until === undefined ? {} : { until: options.until }),
  ...(options.excludePeriod === undefined ? {} : { excludePeriods: options.excludePeriod }),
  ...(options.budget === undefined ? {} : { budget: options.budget }),
  ...(options.assets === undefined ? {} : { assets: options.assets }),
  ...(options.detector === undefined ? {} : { detectors: options.detector }),
  ...(options.data === undefined ? {} : { data: options.data }),
  ...(options.lookUp === undefined ? {} : { lookUps: options.lookUp }),
  ...(options.categories === undefined ? {} : { categories: options.categories }),
  ...(options.reputation === undefined ? {} : { reputation: options.reputation }),
  ...(options.networks === undefined ? {} : { networks: options.networks }),
  ...(options.peers === undefined ? {} : { peers: options.peers }),
  ...(options.geoip === undefined ? {} : { geoip: options.geoip }),
  ...(options.threads === undefined ? {} : { threads: options.threads }),
  ...(options.memory === undefined ? {} : { memoryBytes: options.memory }),
})

/** Hunts with a progress display; Ctrl-C stops it cleanly. */
export const huntWithProgress = async (request: HuntRequest): Promise<Report> => {
  const progress = progressOnStderr()
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    return await hunt({ ...request, signal: abort.signal, onProgress: (update) => progress.update(update) })
  } finally {
    progress.done()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Shows a report as the options ask. */
export const showReport = async (report: Report, options: HuntOptions): Promise<void> => {
  await print(options.json === true ? renderJson(report) : renderTerminal(report, screenOf(options.color)))
  if (options.html !== undefined) {
    await writePage(options.html, renderHtml(report, { version }))
    talk(`The report is at ${pathToFileURL(path.resolve(options.html)).href}`)
  }
  // The report says what was there; the status says that none of it could be read.
  if (report.summary.sources.every((source) => source.format === null && source.lines === 0))
    process.exitCode = 3
}
