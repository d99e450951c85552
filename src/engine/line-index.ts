import { eventsTable } from '../schema/tables.ts'
import { id, sql } from '../sql/sql.ts'
import type { Engine } from './engine.ts'

const indexName = 'message_words'

/**
 * Gives `events` an index of the words of its lines, in small letters, so that free text is found in milliseconds rather than
 * by reading every line. To be called once the table is there; lines that are there already are indexed in the background.
 *
 * Loads do not build it (see `loadSettings`): the merges after them do, and what is not merged yet is small enough to be read. It
 * takes 36 bytes an event. A cluster's servers get it from whoever looks after them.
 */
export const indexLines = async (engine: Engine): Promise<void> => {
  if (engine.kind === 'cluster') return
  const [there] = await engine.rows<{ name: string }>(
    sql`SELECT name FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = ${eventsTable.name} AND name = ${indexName}`,
  )
  if (there !== undefined) return
  const table = id(eventsTable.name)
  await engine.run(
    sql`ALTER TABLE ${table} ADD INDEX IF NOT EXISTS ${id(indexName)} lower(message) TYPE text(tokenizer = 'splitByNonAlpha')`,
  )
  // Of ten million lines it takes half a minute: nobody waits for it.
  await engine.run(sql`ALTER TABLE ${table} MATERIALIZE INDEX ${id(indexName)}`, {
    settings: { mutations_sync: 0 },
  })
}
