/** The page of the configuration, from its schema. */
import { atOnce, writtenName } from '../src/config/changes.ts'
import { configJsonSchema } from '../src/config/read-config.ts'
import type { JsonSchema } from './json-schema.ts'
import { page, table } from './markdown.ts'

/** The object or list among what a setting may be; `null` and the like are told in its description. */
const shapeOf = (schema: JsonSchema): JsonSchema =>
  schema.anyOf?.find(({ type }) => type === 'object' || type === 'array') ?? schema

/** What stands there, in a word. */
const kindOf = (schema: JsonSchema): string => {
  const { type, anyOf, items, additionalProperties } = shapeOf(schema)
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (type === 'array') return items?.type === 'object' ? 'list' : `list of ${kindOf(items ?? {})}`
  if (type === 'object') return typeof additionalProperties === 'object' ? 'names and values' : 'settings'
  if (anyOf !== undefined) return [...new Set(anyOf.map(kindOf))].join(' or ')
  return (
    { string: 'text', integer: 'whole number', number: 'number', boolean: '`true`, `false`' }[String(type)] ??
    ''
  )
}

interface Row {
  readonly name: string
  readonly kind: string
  readonly meaning: string
}

const rowsOf = (schema: JsonSchema, before: string): Row[] => {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, setting]) => {
    const shape = shapeOf(setting)
    const place = `${before}${name}`
    const must = required.includes(name) ? '**Must be given.** ' : ''
    return [
      { name: place, kind: kindOf(setting), meaning: `${must}${setting.description ?? ''}` },
      ...(shape.type === 'object' ? rowsOf(shape, `${place}.`) : []),
      ...(shape.items?.type === 'object' ? rowsOf(shape.items, `${place}[].`) : []),
    ]
  })
}

const changeable = new Set<string>([...atOnce.map(writtenName), 'log.level'])

/** What is read again takes effect for all that is below it, too. */
const effectOf = (name: string): string =>
  [...changeable].some((one) => name === one || name.startsWith(`${one}.`) || name.startsWith(`${one}[]`))
    ? 'at once'
    : ''

const example = `data: /var/lib/winnow/data
listen: 127.0.0.1:8484
files:
  - name: shop
    paths: [/var/log/nginx/*.log]
retention: { days: 90, size: 200GB }`

export const configurationPage = (): string =>
  page(
    'The configuration of a server',
    `One YAML file, given with \`winnow serve --config winnow.yaml\`; [packaging/winnow.yaml](../../packaging/winnow.yaml) is one with comments. \`winnow check-config FILE\` says what is wrong with one, in which line; \`winnow check-config --schema\` prints its JSON schema, for editors.`,
    `\`\`\`yaml\n${example}\n\`\`\``,
    '- Paths are meant from where the file is. Sizes are written like `500MB` or `2GB`, addresses like `127.0.0.1:8484`, `[::1]:8484` or `8484` (this machine only).\n- Every setting can come from the environment: `WINNOW_LISTEN` is `listen`, `WINNOW_RETENTION__DAYS` is `retention.days`, read as YAML, and goes before the file. `WINNOW_STORE_FILE` names a file that holds `store`: for secrets.\n- The file is read again when it changes and on SIGHUP. *At once* says what takes effect then, without a restart; certificates and keys are read again as well (those of syslog are not). A file that is wrong changes nothing: its problems are in the log.\n- Budget, retention and own networks can be set in the console as well. What is set there counts, not the file.',
    table(
      ['setting', 'what it is', 'meaning', 'changes'],
      // The schema is made by zod, as JSON schema 2020-12.
      rowsOf(configJsonSchema() as JsonSchema, '').map(({ name, kind, meaning }) => [
        `\`${name}\``,
        kind,
        meaning,
        effectOf(name),
      ]),
    ),
  )
