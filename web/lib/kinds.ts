/**
 * Kinds of entity, from the columns that findings name: `source_ip` and `host_ip` are both addresses.
 *
 * @module
 */

export const kinds = [
  'address',
  'user',
  'host',
  'domain',
  'application',
  'agent',
  'resource',
  'file',
] as const

const byEnding: readonly (readonly [RegExp, string])[] = [
  [/(?:^|_)ip$/, 'address'],
  [/^user_(?:name|target_name)$/, 'user'],
  [/^(?:host_name|source_domain)$/, 'host'],
  [/^user_agent$/, 'agent'],
  [/^(?:service|process)_name$/, 'application'],
  [/^(?:destination|url)_domain$|registered_domain$|^dns_question_name$/, 'domain'],
  [/^url_path$/, 'resource'],
  [/^file_/, 'file'],
]

/** Null for what has no page of its own: ports, sources, record types. */
export const kindOf = (kind: string): string | null =>
  (kinds as readonly string[]).includes(kind)
    ? kind
    : (byEnding.find(([pattern]) => pattern.test(kind))?.[1] ?? null)
