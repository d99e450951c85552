/**
 * Charts that people work with, by ECharts: bars over a scale, with brushing. Tooltips are drawn on the canvas, so
 * nothing in them can be markup.
 *
 * @module
 */
import { useComputedColorScheme } from '@mantine/core'
import { BarChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import './chart.css'

use([BarChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

export interface Bar {
  /** Under the axis, and in the tooltip. */
  readonly label: string
  readonly about?: string
  readonly value: number
  readonly loud?: boolean
}

interface ChartProps {
  readonly bars: readonly Bar[]
  /** What the chart shows, in words. */
  readonly label: string
  readonly height: number
  /** Square-root heights, so that small bars stay visible. */
  readonly root?: boolean
  /** Where a line stands: between bars, counted from 0. */
  readonly line?: { readonly at: number; readonly label: string }
  /** Called with the first and the last bar of a stretch that was drawn over, or of a bar that was clicked. */
  readonly onRange?: (first: number, last: number) => void
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Left and right of the bars, in px. */
const edge = 4

/** A finger that moved less, in px, tapped: it wants the tooltip. */
const leastDrag = 8

const Chart = ({ bars, label, height, root = false, line, onRange }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const colorScheme = useComputedColorScheme('light')
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const chart = init(element, null, { renderer: 'canvas' })
    const shown = (value: number): number => (root ? Math.sqrt(value) : value)
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      grid: { left: edge, right: edge, top: line === undefined ? 6 : 22, bottom: 20, containLabel: false },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        confine: true,
        backgroundColor: token('--surface'),
        borderColor: token('--strong-line'),
        textStyle: { color: token('--ink'), fontSize: 12 },
        axisPointer: { type: 'shadow', shadowStyle: { color: token('--accent'), opacity: 0.1 } },
        formatter: (given: unknown) => {
          // With the axis as its trigger, ECharts gives a list.
          const [first] = given as readonly { readonly dataIndex: number }[]
          const bar = bars[first?.dataIndex ?? -1]
          return bar === undefined ? '' : `${bar.about ?? bar.label}\n${bar.value.toLocaleString('en-GB')}`
        },
      },
      xAxis: {
        type: 'category',
        data: bars.map((bar) => bar.label),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: token('--strong-line') } },
        axisLabel: {
          color: token('--soft'),
          fontSize: 11,
          hideOverlap: true,
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
        },
      },
      yAxis: { type: 'value', show: false, min: 0 },
      series: [
        {
          type: 'bar',
          barCategoryGap: '12%',
          data: bars.map(({ value, loud }) => ({
            value: shown(value),
            itemStyle: { color: loud === false ? token('--quiet') : token('--accent-fill') },
          })),
          barMinHeight: 0,
          ...(line === undefined
            ? {}
            : {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: token('--critical'), type: 'solid', width: 1.5 },
                  label: { formatter: line.label, color: token('--critical'), fontSize: 11 },
                  data: [{ xAxis: line.at }],
                },
              }),
        },
      ],
    })
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  }, [bars, root, line, colorScheme])
  return (
    <Brushed bars={bars.length} {...(onRange === undefined ? {} : { onRange })}>
      <div ref={place} role="img" aria-label={label} style={{ height }} />
    </Brushed>
  )
}

interface BrushedProps {
  readonly bars: number
  readonly onRange?: ChartProps['onRange']
  readonly children: ReactNode
}

/**
 * Draws a stretch over the bars. A click is a stretch of one bar. A finger draws sideways; when it moves up or down
 * the browser scrolls, by the style sheet's `touch-action`, and cancels the pointer.
 */
const Brushed = ({ bars, onRange, children }: BrushedProps) => {
  const [drawn, setDrawn] = useState<{ readonly from: number; readonly to: number } | null>(null)
  if (onRange === undefined) return children
  const at = (event: PointerEvent<HTMLDivElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    return Math.max(0, Math.min(width, event.clientX - left))
  }
  const barAt = (x: number, width: number): number =>
    Math.max(0, Math.min(bars - 1, Math.floor(((x - edge) / Math.max(1, width - 2 * edge)) * bars)))
  return (
    <div
      className="brushed"
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrawn({ from: at(event), to: at(event) })
      }}
      onPointerMove={(event) => {
        if (!event.isPrimary) return
        const to = at(event)
        setDrawn((old) => old && { ...old, to })
      }}
      onPointerUp={(event) => {
        if (drawn === null || !event.isPrimary) return
        const to = at(event)
        setDrawn(null)
        if (event.pointerType === 'touch' && Math.abs(to - drawn.from) < leastDrag) return
        const { width } = event.currentTarget.getBoundingClientRect()
        const ends = [barAt(drawn.from, width), barAt(to, width)]
        onRange(Math.min(...ends), Math.max(...ends))
      }}
      onPointerCancel={() => setDrawn(null)}
    >
      {children}
      {drawn === null ? null : (
        <span
          className="stretch"
          style={{ left: Math.min(drawn.from, drawn.to), width: Math.abs(drawn.to - drawn.from) }}
        />
      )}
    </div>
  )
}

// React's lazy() takes a module's default export.
export default Chart
