/**
 * Look-ups: questions to servers outside, each with a time limit, a pace and a memory. A question that gets no answer is
 * an answer too; nothing here fails.
 *
 * @module
 */
import { AppError } from '../errors.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Cache } from './cache.ts'
import { askCertificate, type Certificate } from './certificate.ts'
import { NoAnswer, publicInternet, type Outside } from './outside.ts'
import { createPace, deadlineOf, type Pace } from './pace.ts'
import { bootstrapServices, fetchBootstrap, type Bootstrap } from './rdap.ts'
import { askRegistration, registeredPart, type Registration } from './registration.ts'
import { askReverseNames } from './reverse-dns.ts'
import type { Subject } from './subjects.ts'
import type { WhoisServer } from './whois.ts'

/** What can be asked. Each tells somebody outside that you are interested. */
export const lookUpKinds = ['certificate', 'registration', 'reverse-dns'] as const
export type LookUpKind = (typeof lookUpKinds)[number]

export interface LookUpSettings {
  readonly kinds: readonly LookUpKind[]
  /** For one question, and for all of a hunt. Default 5 and 30 seconds. */
  readonly questionMs: number
  readonly totalMs: number
  readonly outside: Outside
  /** Where IANA's bootstrap files are: a URL that ends in `/`. Default `https://data.iana.org/rdap/`. */
  readonly rdapBase: string
  readonly whois: WhoisServer
  /** For destinations whose port the finding does not say. Default 443. */
  readonly tlsPort: number
  /** Milliseconds from one question to the next of its kind. */
  readonly paceMs: Readonly<Record<LookUpKind, number>>
}

export const defaultLookUps: LookUpSettings = {
  kinds: lookUpKinds,
  questionMs: 5000,
  totalMs: 30_000,
  outside: publicInternet,
  rdapBase: 'https://data.iana.org/rdap/',
  whois: { host: 'whois.iana.org', port: 43 },
  tlsPort: 443,
  // Registries answer a few questions a second; a server that is looked at should see one visitor.
  paceMs: { certificate: 50, registration: 300, 'reverse-dns': 20 },
}

/** What one question brought. */
export type Answer =
  | { readonly kind: 'certificate'; readonly port: number; readonly certificate: Certificate }
  | { readonly kind: 'registration'; readonly of: string; readonly registration: Registration }
  | { readonly kind: 'reverse-dns'; readonly names: readonly string[] }
  /** Why nothing was learned, in words. */
  | { readonly kind: 'nothing'; readonly asked: LookUpKind; readonly problem: string }

const dayMs = 86_400_000
/** Names and certificates change in days, registrations in weeks. */
const keepMs: Readonly<Record<LookUpKind, number>> = {
  certificate: dayMs,
  registration: 7 * dayMs,
  'reverse-dns': dayMs,
}
const keepBootstrapMs = 7 * dayMs
/** No more are looked up for one hunt: the first. */
const mostSubjects = 60
/** Questions at once. */
const atOnce = 6

interface Question {
  readonly kind: LookUpKind
  readonly key: string
  readonly ask: (signal: AbortSignal) => Promise<Answer>
}

interface Means {
  readonly settings: LookUpSettings
  readonly cache: Cache
  readonly bootstrap: Bootstrap
  readonly paces: Readonly<Record<LookUpKind | 'whois', Pace>>
}

/** What could be asked of a subject; null where it makes no sense. */
const questionFor = (kind: LookUpKind, subject: Subject, means: Means): Question | null => {
  const { settings, paces } = means
  const { outside } = settings
  switch (kind) {
    case 'certificate': {
      if (!subject.destination) return null
      // Nobody speaks TLS at the port of plain HTTP; the same host may at its own.
      const port = subject.port === undefined || subject.port === 80 ? settings.tlsPort : subject.port
      const ask = async (signal: AbortSignal): Promise<Answer> => {
        await paces.certificate(signal)
        return { kind, port, certificate: await askCertificate(subject.value, port, outside, signal) }
      }
      return { kind, key: `certificate ${subject.value} ${port}`, ask }
    }
    case 'registration': {
      const of = registeredPart(subject.value)
      if (of === null) return null
      const sources = {
        bootstrap: means.bootstrap,
        whois: settings.whois,
        outside,
        rdapPace: paces.registration,
        whoisPace: paces.whois,
      }
      const ask = async (signal: AbortSignal): Promise<Answer> => ({
        kind,
        of,
        registration: await askRegistration(of, sources, signal),
      })
      return { kind, key: `registration ${of}`, ask }
    }
    case 'reverse-dns': {
      if (subject.kind !== 'address') return null
      const ask = async (signal: AbortSignal): Promise<Answer> => {
        await paces['reverse-dns'](signal)
        return { kind, names: await askReverseNames(subject.value, outside, signal) }
      }
      return { kind, key: `reverse-dns ${subject.value}`, ask }
    }
  }
}

/** The file is ours, but anybody with the folder may have changed it: what is not an answer of the kind is asked anew. */
const isAnswer = (value: unknown, kind: LookUpKind): value is Answer => {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== kind) return false
  const texts = (part: unknown): boolean =>
    typeof part === 'object' &&
    part !== null &&
    Object.values(part).every(
      (each) =>
        typeof each === 'string' ||
        typeof each === 'boolean' ||
        (Array.isArray(each) && each.every((name) => typeof name === 'string')),
    )
  if (kind === 'certificate')
    return (
      'certificate' in value &&
      texts(value.certificate) &&
      'port' in value &&
      Array.isArray((value.certificate as Partial<Certificate>).names)
    )
  if (kind === 'registration') return 'registration' in value && texts(value.registration) && 'of' in value
  return 'names' in value && Array.isArray(value.names) && texts(value.names)
}

/** Ends when the signal fires, even where what was asked does not heed it. */
const orAborted = async <T>(ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> => {
  if (signal.aborted) throw new NoAnswer('no answer in time')
  const answer = ask(signal)
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new NoAnswer('no answer in time'))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
    // Nobody waits for it any more.
    answer.catch(() => undefined)
  }
}

const asked = async (question: Question, means: Means, total: AbortSignal): Promise<Answer> => {
  const { kind, key } = question
  const { questionMs, totalMs } = means.settings
  const known = means.cache.get(key)
  if (isAnswer(known, kind)) return known
  const deadline = deadlineOf(questionMs, total)
  const late = (): string =>
    deadline.passed()
      ? `no answer within ${questionMs / 1000} s`
      : `the ${totalMs / 1000} s for all look-ups were over`
  try {
    const answer = await orAborted(question.ask, deadline.signal)
    means.cache.set(key, answer, keepMs[kind])
    return answer
  } catch (error) {
    if (deadline.signal.aborted || total.aborted) return { kind: 'nothing', asked: kind, problem: late() }
    // Whatever a stranger's server does to us is no reason to lose a hunt.
    const problem = error instanceof NoAnswer ? error.message : 'the answer makes no sense'
    return { kind: 'nothing', asked: kind, problem }
  } finally {
    deadline.end()
  }
}

/** Fetched once a week; several who ask at once wait for one answer. */
const keptBootstrap = (settings: LookUpSettings, cache: Cache): Bootstrap => {
  const underWay = new Map<string, Promise<unknown>>()
  return async (file, signal) => {
    const key = `bootstrap ${settings.rdapBase} ${file}`
    const known = bootstrapServices({ services: cache.get(key) })
    if (known.length > 0) return known
    const fetching =
      underWay.get(key) ??
      fetchBootstrap(settings.rdapBase, file, settings.outside, signal).finally(() => underWay.delete(key))
    underWay.set(key, fetching)
    const services = bootstrapServices({ services: await fetching })
    cache.set(key, services, keepBootstrapMs)
    return services
  }
}

/**
 * Asks all that is to be asked of the subjects that may be asked about, and returns answers by subject value. Ends in time whatever the servers do.
 *
 * @throws AppError `cancelled` when the signal fires, and nothing else
 */
export const lookUp = async (
  subjects: readonly Subject[],
  settings: LookUpSettings,
  cache: Cache,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly Answer[]>> => {
  const means: Means = {
    settings,
    cache,
    bootstrap: keptBootstrap(settings, cache),
    paces: {
      certificate: createPace(settings.paceMs.certificate),
      registration: createPace(settings.paceMs.registration),
      whois: createPace(settings.paceMs.registration),
      'reverse-dns': createPace(settings.paceMs['reverse-dns']),
    },
  }
  const { permitsAddress, permitsName } = settings.outside
  const distinct = [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()]
  const permitted = distinct
    .filter(({ kind, value }) => (kind === 'address' ? permitsAddress : permitsName)(value))
    .slice(0, mostSubjects)
  const questions = permitted.flatMap((subject) =>
    lookUpKinds.flatMap((kind) => {
      const question = settings.kinds.includes(kind) ? questionFor(kind, subject, means) : null
      return question === null ? [] : [{ subject, question }]
    }),
  )
  const total = deadlineOf(settings.totalMs, signal)
  const answers = new Map<string, Promise<Answer>>()
  const distinctQuestions = new Map(questions.map(({ question }) => [question.key, question]))
  try {
    await sideBySide(distinctQuestions, atOnce, async ([key, question]) => {
      const answer = asked(question, means, total.signal)
      answers.set(key, answer)
      await answer
    })
  } finally {
    total.end()
  }
  if (signal?.aborted === true) throw new AppError('cancelled')
  const found = new Map<string, Answer[]>()
  for (const { subject, question } of questions) {
    const answer = await answers.get(question.key)
    const before = found.get(subject.value) ?? []
    // The same question may have come up twice.
    if (answer !== undefined && !before.includes(answer)) found.set(subject.value, [...before, answer])
  }
  return found
}
