/**
 * The bundled parsers and detectors. They import the SDK, which offers `hunt`, which needs them: loading them when they
 * are asked for keeps that from being a cycle.
 *
 * @module
 */
import type { Detector } from './detect/detector.ts'
import { AppError } from './errors.ts'
import type { Envelope, Parser } from './parse/parser.ts'

export interface Formats {
  readonly parsers: readonly Parser[]
  readonly envelopes: readonly Envelope[]
}

export const bundledFormats = async (): Promise<Formats> => {
  const { parsers, envelopes } = await import('../parsers/index.ts')
  return { parsers, envelopes }
}

/** The parser of what a Squid `logformat` writes. Throws `invalid-logformat`, which says what it lacks. */
export const squidFormat = async (logformat: string): Promise<Parser> => {
  const { squidLogformat } = await import('../parsers/pieces/squid-logformat.ts')
  const parser = squidLogformat(logformat)
  if ('problem' in parser) throw new AppError('invalid-logformat', { problem: parser.problem, logformat })
  return parser
}

export const bundledDetectors = async (): Promise<readonly Detector[]> => {
  const { detectors } = await import('../detectors/index.ts')
  return detectors
}
