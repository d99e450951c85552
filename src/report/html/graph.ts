/**
 * Who touched what, and paths from machine to machine.
 *
 * @module
 */
import { kindInWords } from '../entity.ts'
import { countOf, formatNumber, formatTime } from '../format.ts'
import type { Path, Touched } from '../report.ts'
import { type Markup, html } from './markup.ts'

export function touchedBlock({ peers, kinds, edges }: Touched, id: string): Markup {
  const among =
    peers.name === ''
      ? 'compared with everyone'
      : `compared with ${countOf(peers.members, 'peer')}: ${peers.name}`
  const counted = kinds
    .map(
      ({ column, values, fresh }) =>
        `${kindInWords(column)} ${formatNumber(values)}${fresh === 0 ? '' : ` (${formatNumber(fresh)} new)`}`,
    )
    .join(', ')
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">Who touched what <span class="soft">${counted}; ${among}</span></h4>
    <div class="tables">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Kind</th>
            <th scope="col" class="number">Events</th>
            <th scope="col" class="number">Before</th>
            <th scope="col" class="number">Peers</th>
            <th scope="col" class="number">Others</th>
          </tr>
        </thead>
        <tbody>
          ${edges.map(
            (edge) =>
              html`<tr>
                <th scope="row"><code>${edge.value}</code></th>
                <td>${kindInWords(edge.column)}</td>
                <td class="number">${formatNumber(edge.events)}</td>
                <td class="number">
                  ${edge.before === 0 ? html`<strong>new</strong>` : formatNumber(edge.before)}
                </td>
                <td class="number">${peers.name === '' ? '–' : formatNumber(edge.peers)}</td>
                <td class="number">${formatNumber(edge.others)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

export function pathBlock({ hops }: Path, id: string): Markup {
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">
      Path <span class="soft">${countOf(hops.length, 'login')} from machine to machine</span>
    </h4>
    <ol class="names">
      ${hops.map(
        ({ time, from, to, user, switched }) =>
          html`<li>
            <code>${from}</code> → <code>${to}</code> as <code>${user}</code>${
              switched ? html` <strong>another user</strong>` : ''
            } <span class="soft">${formatTime(time)} UTC</span>
          </li>`,
      )}
    </ol>
  </section>`
}
