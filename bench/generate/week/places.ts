/**
 * Who has which address in the benign week: blocks that don't overlap, so that the parts can be hunted in together.
 *
 * @module
 */
import { officeAddress, visitorAddress } from '../addresses.ts'
import { below, scramble, zipf, type Random } from '../draw.ts'

const count = 0x2_0000

/** Numbers of {@link visitorAddress}, each block with an end of its own. */
const blocks = {
  homes: [1, 60_000],
  carriers: [60_000, 60_400],
  phones: [60_400, 90_000],
  partners: [90_000, 91_000],
  crawlers: [91_000, 92_000],
  services: [92_000, 93_000],
  staffHomes: [93_000, 94_000],
  abroad: [94_000, 94_400],
  // What is injected comes from here, and nobody benign does.
  strangers: [120_000, count],
} as const

const placeIn =
  (block: keyof typeof blocks) =>
  (n: number): string => {
    const [first, end] = blocks[block]
    return visitorAddress(first + (n % (end - first)))
  }

/** IPv4 alone: even numbers have no IPv6. */
const v4In =
  (block: keyof typeof blocks) =>
  (n: number): string => {
    const [first, end] = blocks[block]
    return visitorAddress(first + ((2 * n) % (end - first)))
  }

export const homeAddress = placeIn('homes')
export const phoneAddress = placeIn('phones')
export const partnerAddress = v4In('partners')
export const crawlerAddress = v4In('crawlers')
export const outsideService = v4In('services')
export const staffHome = v4In('staffHomes')
export const abroadAddress = v4In('abroad')
export const strangerAddress = v4In('strangers')

/** One of a carrier's exits: hundreds of phones behind each, and a phone changes between them. */
export const carrierAddress = (random: Random, carrier: number): string => {
  const [first] = blocks.carriers
  // They share IPv4 alone.
  return visitorAddress(first + 2 * ((carrier % 6) * 24 + zipf(random, 24)))
}

/** Customers' offices: everybody behind one address. */
export const customerOffice = (n: number): string => officeAddress(n)

/** Our own server room, by the last two numbers (RFC 6598: nobody outside is reached there). */
export const serverAddress = (n: number): string => `100.64.10.${10 + (n % 240)}`
export const vpnAddress = (n: number): string => `100.64.200.${2 + (n % 250)}`
export const deskAddress = (person: number): string => `192.0.2.${20 + (person % 120)}`

/** Somebody's address at home today: providers give out new ones, to some each night. */
export const homeToday = (person: number, day: number): string => {
  const changes = person % 3 === 0
  return staffHome(person + (changes ? 200 + (scramble(person * 31 + day) % 600) : 0))
}

/** One of a few, the same for the same number. */
export const oneOf = <T>(values: readonly [T, ...T[]], n: number): T =>
  values[scramble(n) % values.length] ?? values[0]

/** A hexadecimal text of so many letters. */
export const hexText = (random: Random, length: number): string => {
  let text = ''
  while (text.length < length) text += below(random, 0x1_0000).toString(16).padStart(4, '0')
  return text.slice(0, length)
}
