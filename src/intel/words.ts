/**
 * What was learned, in the words of a finding.
 *
 * @module
 */
import { notLearned } from '../report/knowledge.ts'
import type { Knowledge } from '../report/report.ts'
import { distrustText, type Certificate } from './certificate.ts'
import type { Answer } from './look-up.ts'
import { listText, plainText } from './plain-text.ts'
import type { Registration } from './registration.ts'

type Said = Omit<Knowledge, 'about'>

const shownNames = 4
const dayMs = 86_400_000

const kept = (facts: readonly Said[]): Said[] =>
  facts.map((fact) => ({ ...fact, value: plainText(fact.value) })).filter(({ value }) => value !== '')

/** How old a registration was when the finding began: "3 days before". */
const ageText = (registeredOn: string, first: string): string => {
  const days = Math.floor((Date.parse(first) - Date.parse(registeredOn)) / dayMs)
  if (Number.isNaN(days)) return ''
  if (days < 0) return ', after this'
  if (days === 0) return ', the same day'
  return days < 730
    ? `, ${days} ${days === 1 ? 'day' : 'days'} before`
    : `, ${Math.floor(days / 365.25)} years before`
}

const certificateWords = (certificate: Certificate, port: number): Said[] => {
  const { subject, organisation, names, issuer, validFrom, validTo, selfSigned, distrusted } = certificate
  const source = 'certificate'
  const others = names.filter((name) => name !== subject)
  const all = [subject, ...others].filter((name) => name !== '')
  return kept([
    {
      source,
      label: port === 443 ? 'certificate for' : `certificate at port ${port} for`,
      value: all.length === 0 ? 'no name' : listText(all, shownNames),
    },
    { source, label: 'of', value: organisation },
    { source, label: 'issued by', value: selfSigned ? 'itself' : issuer },
    {
      source,
      label: 'valid',
      value: [validFrom === '' ? '' : `from ${validFrom}`, validTo === '' ? '' : `to ${validTo}`]
        .join(' ')
        .trim(),
    },
    {
      source,
      label: 'not trusted:',
      value:
        distrusted === '' || (selfSigned && distrusted === 'DEPTH_ZERO_SELF_SIGNED_CERT')
          ? ''
          : distrustText(distrusted),
    },
  ])
}

const registrationWords = (registration: Registration, of: string, about: string, first: string): Said[] => {
  const {
    registeredOn = '',
    expiresOn = '',
    registrar = '',
    owner = '',
    country = '',
    network = '',
  } = registration
  const source = 'registration'
  const whose = of === about ? '' : `${of} `
  return kept([
    {
      source,
      label: `${whose}registered on`,
      value: registeredOn === '' ? '' : `${registeredOn}${ageText(registeredOn, first)}`,
    },
    { source, label: 'expires on', value: expiresOn },
    { source, label: 'registrar', value: registrar },
    { source, label: 'owner', value: owner },
    { source, label: 'network', value: network },
    { source, label: 'registered in', value: country },
  ])
}

/**
 * One answer as facts.
 *
 * @param about the value it was asked of
 * @param first when the finding began, ISO 8601: a domain's age counts from there
 */
export const answerWords = (answer: Answer, about: string, first: string): Said[] => {
  switch (answer.kind) {
    case 'certificate':
      return certificateWords(answer.certificate, answer.port)
    case 'registration':
      return registrationWords(answer.registration, answer.of, about, first)
    case 'reverse-dns':
      return kept([
        {
          source: 'reverse DNS',
          label: 'named',
          value: answer.names.length === 0 ? 'nothing in reverse DNS' : listText(answer.names, shownNames),
        },
      ])
    case 'nothing':
      return kept([
        {
          source: answer.asked === 'reverse-dns' ? 'reverse DNS' : answer.asked,
          label: notLearned,
          value: answer.problem,
        },
      ])
  }
}

let countryNames: Intl.DisplayNames | undefined

/** "Germany (DE)". */
export const countryWords = (code: string): string => {
  countryNames ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const name = countryNames.of(code)
  return name === undefined ? code : `${name} (${code})`
}
