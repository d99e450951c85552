/**
 * Winnow as a library: hunting in logs, and describing log formats and use cases. All that a parser or a detector may
 * import is here.
 *
 * @module
 */
export { hunt } from './hunt.ts'
export type { HuntRequest } from './hunt.ts'
export type { LogRequest } from './logs.ts'
export { parse } from './parse-logs.ts'
export type { ParseRequest, ParseResult, RejectedLine, ShownEvent } from './parse-logs.ts'
export type {
  Activity,
  Detail,
  EntityRef,
  EvidenceLine,
  Finding,
  Incident,
  IncidentEntity,
  IncidentTactic,
  Knowledge,
  ListSummary,
  Reason,
  RejectSummary,
  Report,
  Severity,
  SourceSummary,
  Summary,
} from './report/report.ts'
export type { ProgressUpdate } from './report/progress.ts'
export { renderHtml } from './report/html/page.ts'
export { renderJson } from './report/json.ts'
export { renderTerminal } from './report/terminal.ts'
export { AppError } from './errors.ts'
export type { ErrorCode } from './errors.ts'
export type { EngineConfig } from './engine/open.ts'

// Describing a log format.
export { defineEnvelope, defineParser, envelopeVariant, variant } from './parse/parser.ts'
export type { ColumnValues, Envelope, Inside, Parser, Variant } from './parse/parser.ts'
export { csv, delimited, json, keyValue, plain, quoted, regex, zeek } from './parse/line.ts'
export type { Line } from './parse/line.ts'
export {
  allOf,
  anyOf,
  capture,
  constant,
  firstOf,
  fromBytes,
  groups,
  integer,
  ip,
  isAtLeast,
  isLike,
  isNot,
  isOneOf,
  isPresent,
  joined,
  lookup,
  lower,
  number,
  object,
  once,
  piece,
  replace,
  rest,
  text,
  time,
  upper,
  when,
} from './parse/value.ts'
export type { Test, TimeFormat, Value } from './parse/value.ts'
export { parsedColumns, isParsedColumn } from './schema/columns.ts'
export type { Category, Column, EventColumn, ParsedColumn } from './schema/columns.ts'

// Describing a use case.
export { defineDetector } from './detect/detector.ts'
export { defineSourceDetector } from './detect/source-detector.ts'
export type { SourceFacts } from './detect/source-detector.ts'
export type { Detector, Duration, SentenceFacts, SeverityRule } from './detect/detector.ts'
export {
  age,
  before,
  count,
  countBefore,
  distinct,
  elsewhere,
  entropy,
  firstSeen,
  firstUnlikePeers,
  gaps,
  hours,
  length,
  max,
  mean,
  min,
  neverSeen,
  payload,
  pieces,
  popularity,
  prior,
  quantile,
  rarity,
  rate,
  ratio,
  rhythm,
  seconds,
  share,
  sofar,
  sum,
  sumOfNew,
  surprisal,
} from './features/feature.ts'
export {
  alongside,
  excess,
  faded,
  given,
  largest,
  path,
  pause,
  record,
  renewed,
  settled,
} from './features/past-feature.ts'
export type {
  GivenFeature,
  PastFeature,
  PastKey,
  PathFeature,
  PathStatistic,
} from './features/past-feature.ts'
export { risk } from './features/risk-feature.ts'
export type { RiskFeature } from './features/risk-feature.ts'
export type { Feature, Measure, RhythmStatistic } from './features/feature.ts'
export {
  absent,
  atLeast,
  atMost,
  between,
  contains,
  endsWith,
  listed,
  matches,
  not,
  oneOf,
  present,
  startsWith,
  uncategorised,
  within,
} from './features/filter.ts'
export { elapsed, seldom } from './features/seldom.ts'
export type { ElapsedFeature, SeldomFeature } from './features/seldom.ts'
export { newcomer, travel, unproven, unusualHour } from './features/moment-feature.ts'
export type { MomentFeature, NewcomerValue, UnprovenFeature } from './features/moment-feature.ts'
export type { Filter } from './features/filter.ts'
export {
  countTail,
  ensemble,
  heavyHitter,
  isolationForest,
  kmeans,
  knn,
  novelty,
  periodicity,
  pooledCount,
  rita,
  statedSurprise,
  tailScore,
} from './models/index.ts'
export type { AnyModelSpec } from './models/index.ts'
