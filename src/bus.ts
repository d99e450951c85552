/**
 * What happens inside a server, told to whoever listens: the console's live updates, notifications, metrics.
 *
 * @module
 */
export interface Bus<Event> {
  readonly publish: (event: Event) => void
  /** @returns what ends the subscription */
  readonly subscribe: (listener: (event: Event) => void) => () => void
}

/** A listener must not throw: it would keep the others from hearing. */
export const openBus = <Event>(): Bus<Event> => {
  const listeners = new Set<(event: Event) => void>()
  return {
    publish: (event) => {
      for (const listener of listeners) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
