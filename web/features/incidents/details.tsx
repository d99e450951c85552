/**
 * What findings of some kinds show beside their reasons: the queries of a tunnel, the targets of a scan, a path.
 *
 * @module
 */
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import type { Detail } from '../../../src/api/api.ts'
import { countOf, formatBytes, formatNumber, inWords, inert } from '../../lib/format.ts'
import { Share } from '../../ui/charts.tsx'
import { EntityLink } from '../../ui/entity.tsx'
import { Table, TableHead } from '../../ui/table.tsx'
import { When } from '../../ui/when.tsx'
import { Block } from './block.tsx'
import { RhythmBlock } from './rhythm.tsx'

type Of<Kind extends Detail['kind']> = Extract<Detail, { kind: Kind }>

export const DetailBlock = ({ detail }: { readonly detail: Detail }): ReactElement => {
  switch (detail.kind) {
    case 'rhythm':
      return <RhythmBlock detail={detail} />
    case 'queries':
      return <QueriesBlock detail={detail} />
    case 'targets':
      return <TargetsBlock detail={detail} />
    case 'touched':
      return <TouchedBlock detail={detail} />
    case 'path':
      return <PathBlock detail={detail} />
    case 'payloads':
      return <PayloadsBlock detail={detail} />
    case 'blinded':
      return <BlindedBlock detail={detail} />
  }
}

interface RankedProps {
  readonly what: string
  readonly count: string
  readonly rows: readonly { readonly value: string; readonly events: number }[]
  readonly kind?: string
}

const Ranked = ({ what, count, rows, kind }: RankedProps) => {
  const most = Math.max(1, ...rows.map(({ events }) => events))
  return (
    <table className="table">
      <TableHead heads={[what, { head: count, number: true }]} />
      <tbody>
        {rows.map(({ value, events }) => (
          <tr key={value}>
            <th scope="row">
              {kind === undefined ? <code>{inert(value)}</code> : <EntityLink kind={kind} value={value} />}
              <Share share={events / most} />
            </th>
            <td className="number">{formatNumber(events)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const QueriesBlock = ({ detail }: { readonly detail: Of<'queries'> }) => (
  <Block
    title="Queries"
    about={`${countOf(detail.queries, 'query', 'queries')} for ${countOf(detail.names, 'name')}, with ${formatBytes(detail.bytes)} of text below the domain`}
  >
    <div className="two">
      <Ranked
        what="Record type"
        count="Queries"
        rows={detail.types.map(({ type, queries }) => ({ value: type, events: queries }))}
      />
      <div>
        <p className="soft small">Longest names</p>
        <ol className="evidence" tabIndex={0} aria-label="Longest names">
          {detail.examples.map((name) => (
            <li key={name}>{inert(name)}</li>
          ))}
        </ol>
      </div>
    </div>
  </Block>
)

const TargetsBlock = ({ detail }: { readonly detail: Of<'targets'> }) => (
  <Block
    title="Targets"
    about={`${countOf(detail.addresses, 'address', 'addresses')}, ${countOf(detail.ports, 'port')}; ${formatNumber(detail.answered)} calls answered, ${formatNumber(detail.unanswered)} not`}
  >
    <div className="two">
      <Ranked what="Port" count="Calls" rows={detail.topPorts} />
      <Ranked what="Address" count="Calls" rows={detail.topAddresses} kind="destination_ip" />
    </div>
  </Block>
)

const TouchedBlock = ({ detail: { peers, kinds, edges } }: { readonly detail: Of<'touched'> }) => (
  <Block
    title="Who touched what"
    about={`${kinds
      .map(
        ({ column, values, fresh }) =>
          `${inWords(column)} ${formatNumber(values)}${fresh > 0 ? ` (${formatNumber(fresh)} new)` : ''}`,
      )
      .join(
        ', ',
      )}; compared with ${peers.name === '' ? 'everyone' : `${countOf(peers.members, 'peer')}: ${inert(peers.name)}`}`}
  >
    <Table
      label="Who touched what"
      heads={[
        'What',
        'Kind',
        { head: 'Events', number: true },
        { head: 'Before', number: true },
        { head: 'Peers', number: true },
        { head: 'Others', number: true },
      ]}
    >
      {edges.map((edge) => (
        <tr key={`${edge.column} ${edge.value}`}>
          <th scope="row">
            <EntityLink kind={edge.column} value={edge.value} />
          </th>
          <td>{inWords(edge.column)}</td>
          <td className="number">{formatNumber(edge.events)}</td>
          <td className="number">
            {edge.before === 0 ? <span className="chip accent">new</span> : formatNumber(edge.before)}
          </td>
          <td className="number">{peers.name === '' ? '–' : formatNumber(edge.peers)}</td>
          <td className="number">{formatNumber(edge.others)}</td>
        </tr>
      ))}
    </Table>
  </Block>
)

const PathBlock = ({ detail: { hops } }: { readonly detail: Of<'path'> }) => (
  <Block title="Path" about={`${countOf(hops.length, 'login')} from machine to machine`}>
    <ol className="stack tight">
      {hops.map((hop, at) => (
        <li key={at} className="row tight">
          <span className="soft small">{at + 1}.</span>
          <EntityLink kind="host_name" value={hop.from} /> → <EntityLink kind="host_name" value={hop.to} /> as{' '}
          <EntityLink kind="user_name" value={hop.user} />
          {hop.switched ? <span className="chip high">another user</span> : null}
          <span className="soft small">
            <When iso={hop.time} precision="second" />
          </span>
        </li>
      ))}
    </ol>
  </Block>
)

const PayloadsBlock = ({ detail: { texts } }: { readonly detail: Of<'payloads'> }) => (
  <Block title="Payloads" about={`${countOf(texts.length, 'text')}, decoded, the oddest first`}>
    <Table
      label="Payloads"
      heads={['Text', 'Where', 'What for', { head: 'Requests', number: true }, 'Answers']}
      minWidth={560}
    >
      {texts.map((text, at) => (
        <tr key={at}>
          <th scope="row">
            <code className="break">{inert(text.text)}</code>
          </th>
          <td>
            {text.place} {text.name === '' ? null : <code>{inert(text.name)}</code>}
            {text.place === 'parameter' ? (
              <>
                {' '}
                of <code className="break">{inert(text.page)}</code>
              </>
            ) : null}
          </td>
          <td>{text.meant.length === 0 ? 'unlike ordinary texts' : text.meant.join(', ')}</td>
          <td className="number">{formatNumber(text.requests)}</td>
          <td>{text.answers.filter((answer) => answer > 0).join(', ')}</td>
        </tr>
      ))}
    </Table>
  </Block>
)

const BlindedBlock = ({ detail }: { readonly detail: Of<'blinded'> }) => (
  <Block title="Blind meanwhile" about="detectors that read hardly anything but this log">
    <ul className="row tight">
      {detail.detectors.map(({ id, title }) => (
        <li key={id}>
          <Link className="chip" to="/detectors/$id" params={{ id }} title={title}>
            {id}
          </Link>
        </li>
      ))}
    </ul>
  </Block>
)
