import { sql } from 'kysely'
import type { Db } from './database.ts'

/** How rare it was what somebody did. */
export interface StoredRarity {
  readonly detector: string
  readonly actor: string
  readonly rarity: number
  readonly atMs: number
}

/** The rarest come first; more are not worth knowing. */
const mostRows = 20_000

/**
 * How rare the findings since a time were, by whom they are about. What verdicts hide is nobody's business.
 *
 * @param without detectors that do not count
 */
export const raritiesSince = async (
  db: Db,
  sinceMs: number,
  without: readonly string[],
): Promise<readonly StoredRarity[]> => {
  const rows = await db
    .selectFrom('findings')
    .select(['detector', 'entity_value', 'rarity', 'last_at'])
    .where('fused_into', 'is', null)
    .where('hidden_by', 'is', null)
    .where('last_at', '>=', new Date(sinceMs))
    .where(sql<boolean>`detector <> all(${without})`)
    .orderBy('rarity', 'desc')
    .limit(mostRows)
    .execute()
  return rows.map(({ detector, entity_value, rarity, last_at }) => ({
    detector,
    actor: entity_value.split(' → ')[0] ?? '',
    rarity,
    atMs: last_at.getTime(),
  }))
}
