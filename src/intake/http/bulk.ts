/**
 * A body of Elasticsearch's `_bulk` taken apart: an action on one line, its document on the next.
 * Elasticsearch's reference, "Bulk API".
 *
 * @module
 */
import { AppError } from '../../errors.ts'

export type BulkAction = 'index' | 'create' | 'update' | 'delete'

export interface BulkItem {
  readonly action: BulkAction
  readonly index: string
  /** Null: the sender leaves it to us. */
  readonly id: string | null
  /** One line; null for a deletion. */
  readonly document: Buffer | null
}

const actions: readonly string[] = ['index', 'create', 'update', 'delete'] satisfies BulkAction[]
const isAction = (name: string): name is BulkAction => actions.includes(name)

const malformed = (line: number, problem: string): AppError =>
  new AppError('intake-malformed', { problem: `line ${line} ${problem}` })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null

type Head = Omit<BulkItem, 'document'>

const headOf = (text: string, line: number, index: string): Head => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw malformed(line, 'should be an action such as {"index":{}}, and is no JSON')
  }
  const [name = '', ...others] = isObject(parsed) ? Object.keys(parsed) : []
  const about = isObject(parsed) && Object.hasOwn(parsed, name) ? parsed[name] : undefined
  if (!isAction(name) || others.length > 0 || !isObject(about))
    throw malformed(line, 'should be one action of index, create, update and delete')
  return { action: name, index: textOf(about['_index']) ?? index, id: textOf(about['_id']) }
}

/** Longer ones are refused unread. */
const longestAction = 16_384

/**
 * @param index - of actions that name none
 * @throws AppError `intake-malformed`, where an action cannot be read or has no document
 */
export function* bulkItems(body: Buffer, index: string): Generator<BulkItem> {
  let from = 0
  let line = 0
  const nextLine = (): Buffer | undefined => {
    if (from >= body.length) return undefined
    const found = body.indexOf(10, from)
    const end = found === -1 ? body.length : found
    const written = body.subarray(from, end > from && body[end - 1] === 13 ? end - 1 : end)
    from = end + 1
    line += 1
    return written
  }
  let known: { readonly text: Buffer; readonly head: Head } | undefined
  for (let text = nextLine(); text !== undefined; text = nextLine()) {
    if (text.length === 0) continue
    if (text.length > longestAction) throw malformed(line, 'should be an action, and is too long for one')
    // Most senders write the same action before each document.
    if (known === undefined || !known.text.equals(text))
      known = { text, head: headOf(text.toString(), line, index) }
    if (known.head.action === 'delete') {
      yield { ...known.head, document: null }
      continue
    }
    const document = nextLine()
    if (document === undefined) throw malformed(line, 'is an action without its document')
    yield { ...known.head, document }
  }
}
