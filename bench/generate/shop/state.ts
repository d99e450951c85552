/**
 * How the shop itself is doing: releases, a link that was wrong, a sale that is too much for it.
 *
 * @module
 */
import type { Resource, Site } from '../site.ts'
import { dayAt, dayS, hourAt, momentS, special } from '../week/calendar.ts'

const deployS = momentS(special.deploy, 14.5)
const fixS = deployS + 25 * 60

export interface ShopState {
  /** The share of requests that are answered with an error of the server. */
  readonly errors: number
  /** The version of its scripts and styles: pages that are older ask for files that are gone. */
  readonly release: number
  /** Whether one of its endpoints answers with 500 to everybody. */
  readonly stockBroken: boolean
}

const releaseAt = (nowS: number): number => (nowS < deployS ? 0 : nowS < fixS ? 1 : 2)

const errorsAt = (nowS: number): number => {
  if ((nowS >= deployS && nowS < deployS + 40) || (nowS >= fixS && nowS < fixS + 20)) return 0.4
  // The first minutes of the sale, and again in the evening.
  if (dayAt(nowS) === special.sale) {
    const hour = hourAt(nowS)
    if (hour >= 10 && hour < 10.25) return 0.03
    if (hour > 19.8 && hour < 20.4) return 0.008
  }
  return 0.0004
}

export const shopAt = (nowS: number): ShopState => ({
  errors: errorsAt(nowS),
  release: releaseAt(nowS),
  stockBroken: nowS >= deployS && nowS < fixS,
})

/** A file as it is called in a release. */
export const assetOf = (shared: Resource, release: number): string =>
  release === 0
    ? shared.path
    : shared.path.replace(/\.[0-9a-f]{16}\./, (hash) => `.${hash.slice(1, 9)}r${release}${hash.slice(-7)}`)

/** Whether a newsletter's readers still find nothing behind its link. */
export const linkIsWrong = (nowS: number): boolean => nowS < momentS(special.newsletter, 11.75)

/** A newsletter is read within hours. */
export const newsletterCurve = (nowS: number): number => {
  const hours = (nowS - momentS(special.newsletter, 8)) / 3600
  return hours < 0 || nowS - momentS(special.newsletter, 8) > 2 * dayS ? 0 : Math.exp(-hours / 3)
}

export interface Shop {
  readonly site: Site
  readonly agents: readonly string[]
}
