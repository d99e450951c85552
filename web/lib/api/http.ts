/**
 * Requests to the server: the one place that knows its address, its headers and the shape of its refusals.
 *
 * @module
 */
import { QueryClient } from '@tanstack/react-query'
import type { ApiError } from '../../../src/api/api.ts'

/** A refusal. `status` is 0 where the server was not reached. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
  }
}

type Value = string | number | boolean | readonly string[] | null | undefined

/** A path with its query; lists are joined by commas, what is absent or empty is left out. */
export const withQuery = (path: string, query: Readonly<Record<string, Value>>): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    const text = typeof value === 'object' ? value.join(',') : String(value)
    if (text !== '') search.set(name, text)
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

const failureOf = async (response: Response): Promise<ApiFailure> => {
  const body: unknown = await response.json().catch(() => null)
  // The server promises this shape for every refusal; a proxy in between does not.
  const error = (body as Partial<ApiError> | null)?.error
  const message =
    typeof error?.message === 'string' ? error.message : `The server answered ${response.status}.`
  return new ApiFailure(response.status, typeof error?.code === 'string' ? error.code : 'unknown', message)
}

const send = async <Answer>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> => {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method !== 'GET') headers['x-winnow'] = '1'
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await fetch(`/api/${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(0, 'unreachable', 'The server cannot be reached. Is it running?')
  })
  if (!response.ok) throw await failureOf(response)
  const text = await response.text()
  // The server's schemas hold its answers to these types; callers of routes that answer nothing ask for nothing.
  return (text === '' ? null : JSON.parse(text)) as Answer
}

export const get = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
  send<Answer>('GET', path, undefined, signal)
export const post = <Answer>(path: string, body: unknown = {}): Promise<Answer> =>
  send<Answer>('POST', path, body)
export const patch = <Answer>(path: string, body: unknown): Promise<Answer> =>
  send<Answer>('PATCH', path, body)
export const remove = <Answer = void>(path: string): Promise<Answer> => send<Answer>('DELETE', path)

/** Whether asking again may help: the way was cut, or the server is overloaded or starting. */
const passing = (error: Error): boolean =>
  error instanceof ApiFailure && (error.status === 0 || [429, 502, 503, 504].includes(error.status))

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) => count < 2 && passing(error),
        retryDelay: (count) => 500 * 2 ** count,
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  })
