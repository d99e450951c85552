/**
 * Entities and how they connect. Drawn on a canvas, so it is an addition: pages list the same entities as text.
 *
 * @module
 */
import { useComputedColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import cytoscape, { type Core, type LayoutOptions, type StylesheetJson } from 'cytoscape'
import { useEffect, useRef } from 'react'
import { inert } from '../lib/format.ts'
import { kindOf } from '../lib/kinds.ts'

export interface GraphNode {
  readonly id: string
  readonly kind: string
  readonly value: string
  /** Who acted. */
  readonly strong: boolean
}

export interface GraphEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly label: string
  /** Drawn strongly. */
  readonly fresh?: boolean
}

interface GraphProps {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly label: string
  readonly height: number
}

const longest = 26

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

/** Canvas knows no custom properties: their values are read when it is drawn. */
const styleNow = (): StylesheetJson => {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        width: 12,
        height: 12,
        'background-color': token('--quiet'),
        color: token('--ink'),
        'font-size': 10.5,
        'font-family': 'monospace',
        'text-valign': 'bottom',
        'text-margin-y': 4,
        'text-background-color': token('--surface'),
        'text-background-opacity': 0.8,
        'text-background-padding': '1px',
        'min-zoomed-font-size': 6,
      },
    },
    { selector: 'node.strong', style: { 'background-color': token('--accent-fill'), width: 18, height: 18 } },
    { selector: 'node.user', style: { shape: 'diamond' } },
    { selector: 'node.host', style: { shape: 'round-rectangle' } },
    { selector: 'node.domain', style: { shape: 'hexagon' } },
    {
      selector: 'edge',
      style: {
        width: 1.2,
        'line-color': token('--strong-line'),
        'target-arrow-color': token('--strong-line'),
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.7,
        'curve-style': 'bezier',
      },
    },
    {
      selector: 'edge.fresh',
      style: { width: 2.2, 'line-color': token('--accent'), 'target-arrow-color': token('--accent') },
    },
    {
      selector: 'edge.hover',
      style: {
        label: 'data(label)',
        'font-size': 9.5,
        color: token('--soft'),
        'line-color': token('--accent'),
      },
    },
  ]
}

/** So many fit on a ring with names that can be read. */
const mostOnRing = 14

/** Who acted in the middle, the others around them, at a size at which names can be read; many by forces. */
const layoutOf = (nodes: readonly GraphNode[], { clientWidth, clientHeight }: HTMLElement): LayoutOptions => {
  if (nodes.length > mostOnRing) {
    return {
      name: 'cose',
      animate: false,
      randomize: false,
      padding: 26,
      nodeRepulsion: () => 9000,
      idealEdgeLength: () => 60,
    }
  }
  const inside = nodes.filter(({ strong }) => strong)
  const around = nodes.filter(({ strong }) => !strong)
  const [x, y] = [clientWidth / 2, clientHeight / 2 - 6]
  const ring = (of: readonly GraphNode[], rx: number, ry: number, turn: number) =>
    of.map(({ id }, at) => {
      const angle = turn + (2 * Math.PI * at) / of.length
      return [id, { x: x + rx * Math.cos(angle), y: y + ry * Math.sin(angle) }] as const
    })
  const close = inside.length < 2 ? 0 : 1
  const positions = new Map([
    ...ring(inside, close * clientWidth * 0.17, close * clientHeight * 0.16, -Math.PI / 2),
    ...ring(around, clientWidth / 2 - 76, clientHeight / 2 - 24, -Math.PI / 3),
  ])
  return { name: 'preset', fit: false, positions: Object.fromEntries(positions) }
}

const Graph = ({ nodes, edges, label, height }: GraphProps) => {
  const place = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const colorScheme = useComputedColorScheme('light')
  // Live updates make new objects of the same graph; it is laid out anew only when it changed.
  const key = JSON.stringify([nodes, edges])
  useEffect(() => {
    if (place.current === null) return undefined
    const core: Core = cytoscape({
      container: place.current,
      elements: [
        ...nodes.map(({ id, kind, value, strong }) => ({
          data: { id, label: cut(inert(value)), kind: kindOf(kind) ?? '', value },
          classes: `${strong ? 'strong' : ''} ${kindOf(kind) ?? ''}`,
        })),
        ...edges.map(({ id, from, to, label: words, fresh }) => ({
          classes: fresh === true ? 'fresh' : '',
          data: { id, source: from, target: to, label: cut(inert(words)) },
        })),
      ],
      style: styleNow(),
      layout: layoutOf(nodes, place.current),
      userZoomingEnabled: false,
      maxZoom: 1.6,
    })
    core.on('tap', 'node', (event) => {
      const kind = String(event.target.data('kind'))
      const value = String(event.target.data('value'))
      if (kind !== '') void navigate({ to: '/entities/$kind/$value', params: { kind, value } })
    })
    core.on('mouseover', 'edge', (event) => event.target.addClass('hover'))
    core.on('mouseout', 'edge', (event) => event.target.removeClass('hover'))
    return () => core.destroy()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, colorScheme, navigate])
  return (
    <div
      ref={place}
      role="img"
      aria-label={`${label}: ${nodes.length} entities, ${edges.length} connections`}
      style={{ height, marginTop: 10, borderTop: '1px solid var(--line)' }}
    />
  )
}

// React's lazy() takes a module's default export.
export default Graph
