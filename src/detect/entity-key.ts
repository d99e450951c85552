/** An entity as a key of maps: its parts, which have no NUL in them. */
export const entityKey = (entity: readonly string[]): string => entity.join('\u0000')
