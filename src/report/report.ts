/**
 * What a hunt says, as data: the object that `winnow hunt --json` prints, and the terminal and the HTML page are drawn from.
 *
 * @module
 */

export type Severity = 'low' | 'medium' | 'high' | 'critical'

/** Someone or something that acts. `parts` where it has several (client → destination). */
export interface EntityRef {
  readonly kind: string
  readonly value: string
  readonly parts?: readonly { readonly kind: string; readonly value: string }[]
}

/** One reason for a finding, the largest share first. */
export interface Reason {
  readonly feature: string
  /** The feature in words: "failing requests". */
  readonly label: string
  readonly observed: number
  readonly typical: number
  /** Between 0 and 1; the shares of a finding add up to 1. */
  readonly share: number
  /** How `observed` and `typical` are written: a count, a share of 1, bytes, seconds, bits. */
  readonly unit: 'count' | 'share' | 'bytes' | 'seconds' | 'bits' | 'number'
}

/** One bucket of an entity's activity, for charts. */
export interface Activity {
  /** ISO 8601, UTC: the start of the bucket. */
  readonly time: string
  readonly events: number
  /** Whether an anomalous window overlaps it. */
  readonly anomalous: boolean
}

/** One raw line, with the place it came from. */
export interface EvidenceLine {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** Something that is known of an entity from elsewhere than the logs. */
export interface Knowledge {
  /** Which entity it is about: a part of the finding's entity, or what is related to it. */
  readonly about: string
  /** Where it comes from: `certificate`, `registration`, `reverse DNS`, `category`, `reputation`, `country`, `network`, `suffix`. */
  readonly source: string
  /** In words: "the certificate names", "registered on". */
  readonly label: string
  readonly value: string
}

/** A file of domains and addresses the user gave, and how it was read. */
export interface ListSummary {
  readonly path: string
  readonly kind: 'categories' | 'reputation'
  readonly entries: number
  /** Lines that were not understood; `firstBad` is the first of them, counted from 1. */
  readonly bad: number
  readonly firstBad?: number
}

/** How regularly something happens: for beacons. */
export interface Rhythm {
  readonly kind: 'rhythm'
  /** In seconds, between neighbouring events. */
  readonly medianGap: number
  /** Gaps by their length, in buckets that touch each other; at most 40. */
  readonly gaps: readonly {
    readonly fromSeconds: number
    readonly toSeconds: number
    readonly gaps: number
  }[]
  /** Events by hour, each hour between the first and the last among them; `time` is ISO 8601, UTC. */
  readonly hours: readonly { readonly time: string; readonly events: number }[]
}

/** What was asked for below one domain: for tunnels and generated names. */
export interface Queries {
  readonly kind: 'queries'
  readonly queries: number
  /** How many different names, and how many bytes of text they carry below the registered domain. */
  readonly names: number
  readonly bytes: number
  /** By record type, most first. */
  readonly types: readonly { readonly type: string; readonly queries: number }[]
  /** Some of the names, the longest first. */
  readonly examples: readonly string[]
}

/** Who was tried: for scans. */
export interface Targets {
  readonly kind: 'targets'
  readonly addresses: number
  readonly ports: number
  readonly answered: number
  readonly unanswered: number
  /** The addresses and ports that were tried most, and some others. */
  readonly topAddresses: readonly { readonly value: string; readonly events: number }[]
  readonly topPorts: readonly { readonly value: string; readonly events: number }[]
}

/** Who touched what in the window, what it never had before first: for days and users. */
export interface Touched {
  readonly kind: 'touched'
  /** Those it is compared with: the group's name (empty: everyone) and how many belong to it. */
  readonly peers: { readonly name: string; readonly members: number }
  /** How many different values of each column, and how many of them new to the entity. */
  readonly kinds: readonly { readonly column: string; readonly values: number; readonly fresh: number }[]
  /** Some of the values: events in the window, events before it, how many peers and how many others have it too. */
  readonly edges: readonly {
    readonly column: string
    readonly value: string
    readonly events: number
    readonly before: number
    readonly peers: number
    readonly others: number
  }[]
}

/** Logins from machine to machine, one after the other: for lateral movement. */
export interface Path {
  readonly kind: 'path'
  readonly hops: readonly {
    /** ISO 8601, UTC. */
    readonly time: string
    readonly from: string
    readonly to: string
    readonly user: string
    /** Whether it is another user than in the hop before. */
    readonly switched: boolean
  }[]
}

/** Who sees nothing any more: for logs that stopped, or are not understood. */
export interface Blinded {
  readonly kind: 'blinded'
  /** Detectors that read hardly anything but this log. */
  readonly detectors: readonly { readonly id: string; readonly title: string }[]
}

/** What was sent, the oddest first: for attack payloads. */
export interface Payloads {
  readonly kind: 'payloads'
  readonly texts: readonly {
    readonly place: 'parameter' | 'path' | 'user agent' | 'referrer'
    /** Of the parameter; empty where it has none. */
    readonly name: string
    /** Site and path of the page that was asked for. */
    readonly page: string
    /** Without its coding, and cut where it is long. */
    readonly text: string
    /** What its words say it is meant for; empty where they say nothing. */
    readonly meant: readonly string[]
    /** How odd it is by itself. */
    readonly bits: number
    readonly requests: number
    /** How the requests were answered: status codes. */
    readonly answers: readonly number[]
  }[]
}

/** What a finding of its kind shows beside its reasons. */
export type Detail = Rhythm | Queries | Targets | Touched | Path | Blinded | Payloads

export interface Finding {
  readonly rank: number
  readonly id: string
  readonly detector: string
  readonly severity: Severity
  /** −log10 of how often a window scores this high when nothing is wrong. */
  readonly surprise: number
  readonly entity: EntityRef
  readonly related: readonly { readonly kind: string; readonly value: string }[]
  /** Who else was unusual at the time, so that it may be one story. */
  readonly company?: readonly { readonly kind: string; readonly value: string }[]
  /** ISO 8601, UTC: the first and the last event of the anomalous windows. */
  readonly first: string
  readonly last: string
  readonly events: number
  readonly attack: readonly string[]
  readonly title: string
  /** What the entity did, in a few words that follow its name: "guessed passwords of 12 users". Absent: the title says it. */
  readonly phrase?: string
  /** "In logs like these, chance alone would bring this once in 3 years."; of what is certain, why it is shown. */
  readonly rarity: string
  readonly reasons: readonly Reason[]
  readonly evidence: {
    readonly filter: string
    readonly lines: readonly string[]
    readonly places: readonly EvidenceLine[]
  }
  readonly activity: readonly Activity[]
  readonly details: readonly Detail[]
  /** What is known of its outside ends from elsewhere, destinations first. */
  readonly knowledge: readonly Knowledge[]
}

/** Who or what an incident is about: who acted, on whom, and what else (a port, a record type) was part of it. */
export interface IncidentEntity {
  readonly kind: string
  readonly value: string
  readonly role: 'actor' | 'target' | 'detail'
}

/** A tactic of MITRE ATT&CK that findings of an incident stand for, with their main techniques. */
export interface IncidentTactic {
  /** `TA0006`. */
  readonly id: string
  /** "Credential Access". */
  readonly name: string
  readonly techniques: readonly string[]
}

/** Findings that share entities and time, told as one. */
export interface Incident {
  readonly rank: number
  /** Made from the strongest finding's id: the same in every run. */
  readonly id: string
  /** 0 to 100. */
  readonly risk: number
  /** That of its worst finding. */
  readonly severity: Severity
  readonly title: string
  /** ISO 8601, UTC: of all its findings. */
  readonly first: string
  readonly last: string
  /** Of its findings, added up; two findings may share some. */
  readonly events: number
  /** In the order of an attack. */
  readonly tactics: readonly IncidentTactic[]
  /** Actors first. */
  readonly entities: readonly IncidentEntity[]
  /** Ids, the best-ranked first. */
  readonly findings: readonly string[]
}

export interface SourceSummary {
  readonly path: string
  /** The parser's id; several joined by `+` where a file mixes formats; null where the file was not read. */
  readonly format: string | null
  readonly lines: number
  readonly rejected: number
  /** What a person should know: "truncated after 1,204 lines", "read before". */
  readonly note?: string
}

export interface RejectSummary {
  readonly reason: string
  readonly lines: number
  readonly example: string
}

export interface Summary {
  readonly files: number
  readonly lines: number
  readonly parsed: number
  readonly rejected: number
  /** ISO 8601, UTC; null where nothing was parsed. */
  readonly first: string | null
  readonly last: string | null
  readonly seconds: number
  readonly detectors: readonly string[]
  readonly sources: readonly SourceSummary[]
  readonly rejects: readonly RejectSummary[]
  /** Events over the whole time, for the overview chart. */
  readonly activity: readonly { readonly time: string; readonly events: number }[]
  /** Findings that fell below the budget, by their number. */
  readonly belowBudget: number
  /** Files of categories and reputation, where any were given. */
  readonly lists?: readonly ListSummary[]
}

export interface Report {
  readonly version: 1
  readonly summary: Summary
  readonly findings: readonly Finding[]
  readonly incidents: readonly Incident[]
}
