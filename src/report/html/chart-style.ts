/**
 * The style of the charts.
 *
 * @module
 */

export const chartStyle = `
svg { display: block; overflow: visible; }
.badge svg, .brand svg { flex: none; }
.time-chart figcaption { font-size: 13.5px; font-weight: 600; padding-bottom: 8px; }
.overview { margin-top: 30px; }
svg text { font-size: 12px; fill: var(--soft); font-family: inherit; }
svg .quiet { fill: var(--quiet); }
svg .loud { fill: var(--severity, var(--accent)); }
svg .track { fill: var(--track); }
svg .axis { stroke: var(--soft); stroke-width: 1; opacity: .55; }
svg .tick line { stroke: var(--line); stroke-width: 1; }
svg .span { stroke: var(--severity, var(--accent)); stroke-width: 3; }
svg .lane .span { stroke-width: 7; stroke-linecap: round; }
svg .lane .rank { fill: var(--severity); font-weight: 700; }
svg .lane .who { fill: var(--ink); font-family: var(--mono); font-size: 12px; }
.legend { margin-top: 6px; font-size: 12.5px; color: var(--soft); display: flex; flex-wrap: wrap; align-items: center; gap: 2px 6px; }
.key { width: 14px; height: 8px; display: inline-block; }
.key + .key, .legend .key:not(:first-child) { margin-left: 10px; }
.key.loud { background: var(--severity, var(--accent)); } .key.quiet { background: var(--quiet); height: 6px; }
.time-chart .key.loud { height: 11px; border-bottom: 3px solid var(--severity); background-clip: content-box; padding-bottom: 2px; }
.reasons tbody th { width: 58%; } .reasons td, .reasons tbody th { padding-top: 7px; padding-bottom: 9px; font-size: 13.5px; }
.reasons .label { display: block; margin-bottom: 4px; }
.reasons .log { font-size: 11px; color: var(--soft); border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; margin-left: 4px; }
@media screen and (max-width: 640px) { .tick.odd text { display: none; } .lane .who { display: none; } .reasons tbody th { width: 46%; } }
@media print { svg rect, svg line, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`
