/**
 * Who registered a name or a network, and when: RDAP first, WHOIS where RDAP has no answer.
 *
 * @module
 */
import { isIP } from 'node:net'
import { NoAnswer, type Outside } from './outside.ts'
import { plainName, registeredName } from './public.ts'
import type { Pace } from './pace.ts'
import { askRdap, type Bootstrap } from './rdap.ts'
import { askWhois, type WhoisServer } from './whois.ts'

/** What a registry says. Absent is what it does not. */
export interface Registration {
  readonly registrar?: string
  /** `YYYY-MM-DD`. */
  readonly registeredOn?: string
  readonly expiresOn?: string
  /** The person or organisation, where it is public. */
  readonly owner?: string
  /** ISO 3166 code, or as the registry writes it. */
  readonly country?: string
  /** Of addresses: the name of the network. */
  readonly network?: string
}

export interface RegistrationSources {
  readonly bootstrap: Bootstrap
  readonly whois: WhoisServer
  readonly outside: Outside
  readonly rdapPace: Pace
  readonly whoisPace: Pace
}

/** What a registry is asked for: the registered domain of a name, or the address. Null where nobody registers such. */
export const registeredPart = (value: string): string | null => {
  if (isIP(value) !== 0) return value
  const name = plainName(value)
  // What the suffix list does not know is asked for as it is: only a test permits such names.
  return name === null ? null : (registeredName(name) ?? name)
}

const isEmpty = (registration: Registration): boolean => Object.keys(registration).length === 0

/**
 * Asks the registries.
 *
 * @param what an address, or a registered domain
 * @throws NoAnswer where neither way leads to an answer
 */
export const askRegistration = async (
  what: string,
  sources: RegistrationSources,
  signal: AbortSignal,
): Promise<Registration> => {
  try {
    const found = await askRdap(what, sources, signal)
    if (!isEmpty(found)) return found
    throw new NoAnswer('the registry says nothing of it')
  } catch (error) {
    if (signal.aborted || !(error instanceof NoAnswer)) throw error
    try {
      const found = await askWhois(what, sources, signal)
      if (!isEmpty(found)) return found
    } catch (second) {
      if (signal.aborted || !(second instanceof NoAnswer)) throw second
      throw new NoAnswer(
        error.message === second.message ? error.message : `RDAP: ${error.message}; WHOIS: ${second.message}`,
        second,
      )
    }
    throw error
  }
}
