/**
 * Reading alerts in an order: how far until every step of the attack has been seen.
 *
 * @module
 */
import type { LabelledAlert } from './alerts.ts'

const hourMs = 3_600_000

export interface Reading {
  /** How many entries until all steps have been seen; of all entries where some never are. */
  readonly until: number
  readonly unseen: readonly string[]
  /** The place of the first entry with an attack, from 1; null for none. */
  readonly first: number | null
  /** Of the first k (host, hour) groups that are read, how many have an attack; k: how many groups have. */
  readonly foundInK: number
}

const keyOf = (host: string, hour: number): string => `${hour} ${host}`

const groupsOf = (alerts: readonly LabelledAlert[]): Map<string, LabelledAlert[]> => {
  const groups = new Map<string, LabelledAlert[]>()
  for (const alert of alerts) {
    const key = keyOf(alert.host, Math.floor(alert.timeMs / hourMs))
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [alert])
    else group.push(alert)
  }
  return groups
}

const stepsIn = (alerts: readonly LabelledAlert[]): Set<string> =>
  new Set(alerts.flatMap(({ step }) => (step === '' ? [] : [step])))

/** @param entries what is read at once, in order */
const read = (entries: readonly (readonly LabelledAlert[])[], steps: ReadonlySet<string>) => {
  const seen = new Map<string, number>()
  let first: number | null = null
  entries.forEach((alerts, i) => {
    const here = stepsIn(alerts)
    if (here.size > 0) first ??= i + 1
    for (const step of here) if (!seen.has(step)) seen.set(step, i + 1)
  })
  const unseen = [...steps].filter((step) => !seen.has(step)).toSorted()
  return { seen, unseen, first, until: unseen.length > 0 ? entries.length : Math.max(0, ...seen.values()) }
}

/** Groups in an order, most telling first. */
export const groupRanking = (
  alerts: readonly LabelledAlert[],
  order: readonly { readonly host: string; readonly hour: number }[],
): { readonly reading: Reading; readonly groups: number; readonly attackGroups: number } => {
  const groups = groupsOf(alerts)
  const k = [...groups.values()].filter((group) => stepsIn(group).size > 0).length
  const entries = order.map(({ host, hour }) => groups.get(keyOf(host, hour)) ?? [])
  const { until, unseen, first } = read(entries, stepsIn(alerts))
  const foundInK = entries.slice(0, k).filter((group) => stepsIn(group).size > 0).length
  return { reading: { until, unseen, first, foundInK }, groups: groups.size, attackGroups: k }
}

/** Σ over names of max(0, −log2 p(name | host) − log2 p(name) − 1), p as shares of the hours with alerts of the whole file. */
export const plainNovelty = (
  alerts: readonly LabelledAlert[],
): { readonly host: string; readonly hour: number }[] => {
  const groups = [...groupsOf(alerts).values()].map((group) => ({
    host: group[0]?.host ?? '',
    hour: Math.floor((group[0]?.timeMs ?? 0) / hourMs),
    names: [...new Set(group.map(({ name }) => name))],
  }))
  const counts = new Map<string, number>()
  const add = (key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  for (const { host, names } of groups) {
    add(`host ${host}`)
    for (const name of names) {
      add(`name ${name}`)
      add(`both ${host} ${name}`)
    }
  }
  const share = (of: string, all: number): number => (counts.get(of) ?? 0) / all
  return groups
    .map((group) => ({
      ...group,
      risk: group.names
        .map((name) => {
          const own = share(`both ${group.host} ${name}`, counts.get(`host ${group.host}`) ?? 1)
          return Math.max(0, -Math.log2(own) - Math.log2(share(`name ${name}`, groups.length)) - 1)
        })
        .reduce((sum, bits) => sum + bits, 0),
    }))
    .toSorted((a, b) => b.risk - a.risk || a.hour - b.hour || (a.host < b.host ? -1 : 1))
}

/** A host's alerts from a moment to another, both included. */
export interface Stretch {
  readonly host: string
  readonly fromMs: number
  readonly toMs: number
}

/** Incidents in an order; a reader sees all alerts of each. */
export const incidentReading = (
  alerts: readonly LabelledAlert[],
  incidents: readonly (readonly Stretch[])[],
) => {
  const held = incidents.map((stretches) =>
    alerts.filter(({ host, timeMs }) =>
      stretches.some((one) => one.host === host && timeMs >= one.fromMs && timeMs <= one.toMs),
    ),
  )
  const { seen, until, unseen, first } = read(held, stepsIn(alerts))
  // Within an incident, finding by finding as they are ranked.
  const groups = incidents.map((stretches) => {
    const found = stretches.flatMap((one) => [
      ...groupsOf(
        alerts.filter(({ host, timeMs }) => host === one.host && timeMs >= one.fromMs && timeMs <= one.toMs),
      ),
    ])
    return [...new Map(found).values()]
  })
  const k = [...groupsOf(alerts).values()].filter((group) => stepsIn(group).size > 0).length
  const foundInK = groups
    .flat()
    .slice(0, k)
    .filter((group) => stepsIn(group).size > 0).length
  const sizes = held.map((own, i) => ({
    hosts: new Set(own.map(({ host }) => host)).size,
    groups: groups[i]?.length ?? 0,
    alerts: own.length,
  }))
  const reading: Reading = { until, unseen, first, foundInK }
  const seenIn = [...seen]
    .toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
    .map(([step, place]) => {
      const size = sizes[place - 1]
      return `${step}: incident ${place} (${size?.hosts ?? 0} hosts, ${size?.groups ?? 0} groups, ${size?.alerts ?? 0} alerts)`
    })
  return { reading, sizes, seenIn }
}
