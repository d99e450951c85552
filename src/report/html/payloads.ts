/**
 * Attack payloads.
 *
 * @module
 */
import { countOf, formatNumber } from '../format.ts'
import type { Payloads } from '../report.ts'
import { type Markup, html } from './markup.ts'

/** Where each was sent, what its words say it is for, and the text without its coding, the oddest first. */
export function payloadsBlock({ texts }: Payloads, id: string): Markup {
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">Payloads <span class="soft">${countOf(texts.length, 'text')}, the oddest first</span></h4>
    <div class="tables">
      <table>
        <thead>
          <tr>
            <th scope="col">Text, decoded</th>
            <th scope="col">Where</th>
            <th scope="col">What for</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col">Answers</th>
          </tr>
        </thead>
        <tbody>
          ${texts.map(
            (text) =>
              html`<tr>
                <th scope="row"><code>${text.text}</code></th>
                <td>
                  ${text.place}
                  ${text.name === '' ? '' : html`<code>${text.name}</code>`}${
                    text.place === 'parameter' ? html` of <code>${text.page}</code>` : ''
                  }
                </td>
                <td>${text.meant.length === 0 ? 'unlike ordinary texts' : text.meant.join(', ')}</td>
                <td class="number">${formatNumber(text.requests)}</td>
                <td>${text.answers.filter((answer) => answer > 0).join(', ')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
