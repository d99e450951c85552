/**
 * One small text over HTTP, from servers that others name: bounded, and never from an address inside.
 *
 * @module
 */
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { failureText, NoAnswer, reachableAddress, type Outside } from './outside.ts'

export interface HttpText {
  readonly status: number
  readonly text: string
}

const mostBytes = 2_000_000
const mostRedirects = 5

interface Hop extends HttpText {
  readonly location: string | undefined
}

const get = (url: URL, address: string, signal: AbortSignal): Promise<Hop> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const request = (secure ? https : http).request({
      // The address that was checked, not whatever the name points to a moment later.
      host: address,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      ...(isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: url.hostname } : {}),
      headers: { host: url.host, accept: 'application/rdap+json, application/json', 'user-agent': 'winnow' },
      agent: false,
      signal,
      maxHeaderSize: 32_768,
    })
    const fail = (error: unknown): void => {
      reject(
        error instanceof NoAnswer
          ? error
          : new NoAnswer(signal.aborted ? 'no answer in time' : failureText(error), error),
      )
    }
    request.on('error', fail)
    request.once('response', (response) => {
      const pieces: Buffer[] = []
      let bytes = 0
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
        pieces.push(piece)
        if (bytes <= mostBytes) return
        fail(new NoAnswer('the answer is too long'))
        request.destroy()
      })
      response.on('error', fail)
      response.once('close', () => {
        if (!response.complete) fail(new NoAnswer('the answer was cut'))
      })
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          text: Buffer.concat(pieces).toString('utf8'),
        }),
      )
    })
    request.end()
  })

const parsed = (text: string, base?: URL): URL => {
  try {
    return new URL(text, base)
  } catch (error) {
    throw new NoAnswer('the server names no address', error)
  }
}

/**
 * GET, following redirects to other public hosts.
 *
 * @throws NoAnswer
 */
export const getText = async (start: string, outside: Outside, signal: AbortSignal): Promise<HttpText> => {
  let url = parsed(start)
  for (let hops = 0; hops <= mostRedirects; hops++) {
    if (!['http:', 'https:'].includes(url.protocol) || url.username !== '')
      throw new NoAnswer('the server sends elsewhere than to the web')
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const { status, text, location } = await get(url, await reachableAddress(host, outside, signal), signal)
    if (status < 300 || status > 399 || location === undefined) return { status, text }
    const next = parsed(location, url)
    if (url.protocol === 'https:' && next.protocol === 'http:')
      throw new NoAnswer('the server sends elsewhere than to the secure web')
    url = next
  }
  throw new NoAnswer('the servers send from one to the other')
}
