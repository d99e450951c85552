/**
 * Charts that people work with, by ECharts: bars over a scale, with brushing. Tooltips are drawn on the canvas, so
 * nothing in them can be markup.
 *
 * @module
 */
import { useMantineColorScheme } from '@mantine/core'
import { BarChart } from 'echarts/charts'
import { BrushComponent, GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, BrushComponent, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

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

interface BrushEnd {
  readonly areas?: readonly { readonly coordRange?: readonly [number, number] }[]
}

const Chart = ({ bars, label, height, root = false, line, onRange }: ChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const range = useRef(onRange)
  const { colorScheme } = useMantineColorScheme()
  const brushes = onRange !== undefined
  useEffect(() => {
    range.current = onRange
  })
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const chart = init(element, null, { renderer: 'canvas' })
    const shown = (value: number): number => (root ? Math.sqrt(value) : value)
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      grid: { left: 4, right: 4, top: line === undefined ? 6 : 22, bottom: 20, containLabel: false },
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
      ...(brushes
        ? {
            brush: {
              xAxisIndex: 0,
              brushMode: 'single',
              transformable: false,
              throttleType: 'debounce',
              brushStyle: { color: token('--accent'), opacity: 0.18, borderWidth: 0 },
              outOfBrush: { colorAlpha: 0.5 },
            },
          }
        : {}),
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
    if (brushes) {
      chart.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'brush',
        brushOption: { brushType: 'lineX', brushMode: 'single' },
      })
      chart.on('brushEnd', (event: unknown) => {
        const [area] = (event as BrushEnd).areas ?? [] // the event of this name has this shape
        const [from, to] = area?.coordRange ?? []
        if (from === undefined || to === undefined) return
        const last = bars.length - 1
        range.current?.(Math.max(0, Math.min(from, last)), Math.max(0, Math.min(to, last)))
      })
    }
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  }, [bars, brushes, root, line, colorScheme])
  return (
    <div
      ref={place}
      role="img"
      aria-label={label}
      style={{ height, cursor: brushes ? 'crosshair' : 'default' }}
    />
  )
}

// React's lazy() takes a module's default export.
export default Chart
