import { pino, type Logger } from 'pino'
import type { Config } from '../config/config.ts'

/** One line an event: as JSON, or as text for a person at a terminal. */
export const openLog = ({ level, format }: Config['log']): Logger => {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (format === 'json') return pino(options, pino.destination(2))
  return pino(options, {
    write: (line: string) => {
      process.stderr.write(textOf(line))
    },
  })
}

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

/** `12:31:04 warn  going on failed detector=web-scraper`. */
const textOf = (line: string): string => {
  // Written by pino just before.
  const { time, level, msg, ...facts } = JSON.parse(line) as Record<string, unknown>
  const words = Object.entries(facts).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const name = levels[Number(level)] ?? ''
  return `${String(time).slice(11, 19)} ${name.padEnd(5)} ${String(msg)}${words.join('')}\n`.replaceAll(
    // What a file or a sender is called must not steer a terminal.
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g,
    '·',
  )
}
