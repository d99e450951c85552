import { useEffect, useState } from 'react'
import { type Precision, formatAgo, formatSpan, formatTime, formatUtc, useZone } from '../lib/time.ts'

/** The time, anew every half minute: enough for "3 min ago". */
export const useNow = (everyMs = 30_000): number => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

interface WhenProps {
  readonly iso: string
  readonly precision?: Precision
}

/** A time in the viewer's zone; UTC and how long ago are in its tooltip. */
export const When = ({ iso, precision = 'minute' }: WhenProps) => {
  const zone = useZone()
  return (
    <time className="nowrap" dateTime={iso} title={`${formatUtc(iso)} · ${formatAgo(iso, Date.now())}`}>
      {formatTime(iso, zone, precision)}
    </time>
  )
}

/** How long ago; the time itself is in its tooltip. */
export const Ago = ({ iso }: { readonly iso: string }) => {
  const zone = useZone()
  const now = useNow()
  return (
    <time className="nowrap" dateTime={iso} title={`${formatTime(iso, zone, 'second')} · ${formatUtc(iso)}`}>
      {formatAgo(iso, now)}
    </time>
  )
}

export const Span = ({ first, last }: { readonly first: string; readonly last: string }) => {
  const zone = useZone()
  return <span title={`${formatUtc(first)} – ${formatUtc(last)}`}>{formatSpan(first, last, zone)}</span>
}
