/**
 * Server-sent events that come back: a browser connects again when a connection is cut, and gives up when it is refused,
 * as it is while a server starts behind a proxy. Then we try again ourselves.
 *
 * @module
 */

const againMs = 5000

export interface Listener {
  /** What each kind of event brings, as text. */
  readonly on: Readonly<Record<string, (data: string) => void>>
  readonly onOpen: () => void
  readonly onLost: () => void
}

/** @returns what ends it */
export const listen = (address: string, { on, onOpen, onLost }: Listener): (() => void) => {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = (): void => {
    source = new EventSource(address)
    source.addEventListener('open', onOpen)
    source.addEventListener('error', () => {
      onLost()
      if (source.readyState !== EventSource.CLOSED) return
      clearTimeout(timer)
      timer = setTimeout(open, againMs)
    })
    for (const [kind, hear] of Object.entries(on)) {
      source.addEventListener(kind, (message: MessageEvent<string>) => hear(message.data))
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
