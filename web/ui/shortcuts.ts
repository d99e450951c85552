/**
 * Keyboard shortcuts: single keys, and two in a row (`g i`). They rest while somebody types or a dialog is open.
 *
 * @module
 */
import { useEffect, useRef } from 'react'

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input:not([type=checkbox]), textarea, select, [contenteditable=true]') !== null

const isDialogOpen = (): boolean =>
  document.querySelector('[role=dialog], [role=menu], [role=listbox]') !== null

/** Two keys belong together when they follow each other this fast, in ms. */
const together = 900

export const useShortcuts = (shortcuts: Shortcuts, enabled = true): void => {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    if (!enabled) return undefined
    let before = ''
    let at = 0
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || isDialogOpen()) return
      const now = Date.now()
      const pair = now - at < together ? `${before} ${event.key}` : ''
      const act = latest.current[pair] ?? (pair.startsWith('g ') ? undefined : latest.current[event.key])
      before = event.key
      at = now
      if (act === undefined) return
      event.preventDefault()
      act(event)
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [enabled])
}
