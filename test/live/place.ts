import type { Engine } from '../../src/engine/engine.ts'
import type { Line } from '../detectors/story.ts'
import { openEvents } from '../server/events.ts'

/** An engine that logs are loaded into, to be detected in. */
export interface Place {
  readonly engine: Engine
  readonly load: (name: string, lines: readonly Line[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const openPlace = async (): Promise<Place> => {
  const { engine, load, close } = await openEvents()
  const textOf = ({ text }: Line): string => text
  return { engine, load: (name, lines) => load(name, lines.map(textOf)), close }
}
