/**
 * How an incident's entities connect, from what its findings say: who with whom, and by which detector.
 *
 * @module
 */
import type { Finding, IncidentPage } from '../../../src/api/api.ts'
import type { GraphEdge, GraphNode } from '../../ui/graph.tsx'

/** More would be a hairball. */
const mostNodes = 40

interface Tie {
  readonly from: string
  readonly to: string
  readonly label: string
}

const idOf = (kind: string, value: string): string => `${kind}\n${value}`

const tiesOf = (finding: Finding): readonly Tie[] => {
  const parts = finding.entity.parts ?? [finding.entity]
  const [first] = parts
  if (first === undefined) return []
  const from = idOf(first.kind, first.value)
  const label = finding.detector
  const chain = parts.slice(1).map(({ kind, value }) => ({ from, to: idOf(kind, value), label }))
  const related = finding.related.map(({ kind, value }) => ({ from, to: idOf(kind, value), label }))
  const found = finding.details.flatMap((detail): readonly Tie[] => {
    if (detail.kind === 'path') {
      return detail.hops.map((hop) => ({
        from: idOf('host_name', hop.from),
        to: idOf('host_name', hop.to),
        label: hop.user,
      }))
    }
    if (detail.kind === 'targets') {
      return detail.topAddresses
        .slice(0, 6)
        .map(({ value }) => ({ from, to: idOf('destination_ip', value), label }))
    }
    if (detail.kind === 'touched') {
      return detail.edges
        .filter(({ before }) => before === 0)
        .slice(0, 8)
        .map(({ column, value }) => ({ from, to: idOf(column, value), label: 'new' }))
    }
    return []
  })
  return [...chain, ...related, ...found]
}

export const graphOf = ({
  incident,
  findings,
}: IncidentPage): { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] } => {
  const roles = new Map(incident.entities.map(({ kind, value, role }) => [idOf(kind, value), role]))
  const ties = findings.flatMap(tiesOf)
  const nodes = new Map<string, GraphNode>()
  const add = (id: string): boolean => {
    if (nodes.has(id)) return true
    if (nodes.size >= mostNodes) return false
    const [kind = '', value = ''] = id.split('\n')
    nodes.set(id, { id, kind, value, strong: roles.get(id) === 'actor' })
    return true
  }
  const edges = new Map<string, GraphEdge>()
  for (const { from, to, label } of ties) {
    if (from === to || !add(from) || !add(to)) continue
    const id = `${from}\n${to}`
    const old = edges.get(id)
    const labels = new Set([...(old?.label.split(', ') ?? []), label])
    edges.set(id, { id, from, to, label: [...labels].join(', ') })
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}
