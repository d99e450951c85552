import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { AppError, type ErrorCode } from '../../../src/errors.ts'
import { buildIntake, type IntakeOptions } from '../../../src/intake/http/app.ts'
import type { Piece } from '../../../src/spool/spool.ts'

/** A spool that remembers, and refuses what it is told to refuse. */
export const openRecorder = () => {
  const streams = new Map<string, string[]>()
  const refusals = new Map<string, ErrorCode>()
  const recorder = {
    streams,
    /** Streams that are refused with an error; `*` is all. */
    refusals,
    /** Called at each refusal. */
    onRefusal: (): void => {},
    lines: (): string[] => [...streams.values()].flat(),
    appendAll: (pieces: readonly Piece[]): Promise<void> => {
      const names = pieces.map(({ stream }) => stream.name)
      const refusal = [...names, '*'].map((name) => refusals.get(name)).find((code) => code !== undefined)
      if (refusal !== undefined) {
        recorder.onRefusal()
        const facts = { bytes: 10, maxBytes: 10, retrySeconds: 7, path: 'spool' }
        return Promise.reject(new AppError(refusal, facts))
      }
      for (const { stream, lines, count } of pieces) {
        const texts = lines.toString('latin1').split('\n')
        if (texts.pop() !== '') return Promise.reject(new Error('a line without its end'))
        if (texts.length !== count) return Promise.reject(new Error(`${texts.length} lines, not ${count}`))
        const decoded = texts.map((text) => Buffer.from(text, 'latin1').toString())
        streams.set(stream.name, [...(streams.get(stream.name) ?? []), ...decoded])
      }
      return Promise.resolve()
    },
  }
  return recorder
}

/** Keys by their secrets: one that lets the sender name streams, one with a stream of its own, one that may only read. */
export const keys = {
  check: (secret: string) =>
    Promise.resolve(
      {
        'secret-1': { id: 'k1', source: null, scopes: ['ingest'] },
        'secret-2': { id: 'k2', source: 'shop-web', scopes: ['ingest'] },
        'secret-3': { id: 'k3', source: null, scopes: ['read'] },
      }[secret] ?? null,
    ),
}

export const bearer = { authorization: 'Bearer secret-1' }

/** An intake with a recorder behind it, at a fixed time. */
export const openIntake = (options: Partial<IntakeOptions> = {}) => {
  const recorder = openRecorder()
  const app = buildIntake({
    spool: recorder,
    keys,
    config: { requireKey: true, maxBodyBytes: 8_000_000 },
    log: pino({ level: 'silent' }),
    now: () => Date.UTC(2026, 2, 7, 4, 5, 6),
    ...options,
  })
  return { app, recorder }
}

/** The same on a port of this machine. */
export const listening = async (options: Partial<IntakeOptions> = {}) => {
  const opened = openIntake(options)
  await opened.app.listen({ host: '127.0.0.1', port: 0 })
  // It listens on a port, not on a path.
  const { port } = opened.app.server.address() as AddressInfo
  return { ...opened, port, url: `http://127.0.0.1:${port}` }
}
