/**
 * One POST to a webhook: bounded in time and size, not redirected, to an address that was checked.
 *
 * @module
 */
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { version } from '../version.ts'
import { failureText, NotSent, within } from './failure.ts'
import { reachable, type Address } from './web-destination.ts'

export interface WebPost {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly allowLocal: boolean
  /** PEM of who signs its certificate, where that is nobody public. */
  readonly ca?: string | undefined
  readonly timeoutMs: number
}

export interface WebAnswer {
  readonly status: number
  /** Its beginning. */
  readonly text: string
}

/** No webhook has more to say that anybody would read. */
const mostBytes = 16_384

/** Answers with what was looked up before. */
const pinned =
  (addresses: readonly Address[]): LookupFunction =>
  (_host, options, done) => {
    const [first] = addresses
    if (options.all === true) done(null, [...addresses])
    else if (first !== undefined) done(null, first.address, first.family)
    else done(new Error('no address'), '', 0)
  }

const post = (
  url: URL,
  { body, headers, ca }: WebPost,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<WebAnswer> =>
  new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': `winnow/${version}`,
        ...headers,
      },
      lookup: pinned(addresses),
      agent: false,
      signal,
      maxHeaderSize: 16_384,
      ...(ca === undefined ? {} : { ca }),
    })
    request.on('error', (error) => reject(new NotSent(failureText(error), error)))
    request.once('response', (response) => {
      const pieces: Buffer[] = []
      let bytes = 0
      const finish = (): void => {
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(pieces).subarray(0, mostBytes).toString('utf8'),
        })
        request.destroy()
      }
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
        pieces.push(piece)
        if (bytes >= mostBytes) finish()
      })
      // What it answers is told by its status: a body that is cut changes nothing.
      response.once('error', finish)
      response.once('end', finish)
    })
    request.end(body)
  })

/**
 * @returns the answer, whatever its status is, but for redirects
 * @throws NotSent
 */
export const postWeb = async (given: WebPost, signal: AbortSignal): Promise<WebAnswer> => {
  const url = new URL(given.url)
  if (!['http:', 'https:'].includes(url.protocol)) throw new NotSent('a webhook is http or https')
  const ended = new AbortController()
  const work = reachable(url, given.allowLocal).then((addresses) =>
    post(url, given, addresses, AbortSignal.any([signal, ended.signal])),
  )
  try {
    const answer = await within(given.timeoutMs, signal, work)
    if (answer.status >= 300 && answer.status <= 399)
      throw new NotSent(`it sends elsewhere (${answer.status}), which is not followed`)
    return answer
  } finally {
    ended.abort()
  }
}
