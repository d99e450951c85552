/**
 * The page's script: copying a filter, opening what a link leads to, and everything for paper. The page is complete without it.
 *
 * @module
 */

import { createHash } from 'node:crypto'

export const script = `
for (const button of document.querySelectorAll('button[data-copies]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copies)
    try {
      await navigator.clipboard.writeText(text.textContent)
      button.textContent = 'Copied'
      setTimeout(() => { button.textContent = 'Copy' }, 2000)
    } catch {
      getSelection().selectAllChildren(text)
    }
  })
}
const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  const closed = target?.closest('details:not([open])')
  if (closed) { closed.open = true; target.scrollIntoView() }
}
addEventListener('hashchange', reveal)
reveal()
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true
})
`

/** A source expression of the Content Security Policy (CSP Level 3, §2.3.1) for inline text. */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
