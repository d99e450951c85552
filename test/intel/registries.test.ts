import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NoAnswer } from '../../src/intel/outside.ts'
import { bootstrapServices, readRdap, serverFor } from '../../src/intel/rdap.ts'
import { dateOf } from '../../src/intel/registry-date.ts'
import { readWhois, referralIn } from '../../src/intel/whois.ts'

describe('dates of registries', () => {
  it.each([
    ['2026-01-31T10:11:12Z', '2026-01-31'],
    ['2026-01-31', '2026-01-31'],
    ['2026.01.31 10:11', '2026-01-31'],
    ['2026/01/31', '2026-01-31'],
    ['20260131', '2026-01-31'],
    ['31-Jan-2026', '2026-01-31'],
    ['31.1.2026', '2026-01-31'],
    ['31/01/2026', '2026-01-31'],
    ['Sat Jan 31 2026', '2026-01-31'],
    ['January 31 2026', '2026-01-31'],
    ['2026-02-30', ''],
    ['before 1996', ''],
    ['', ''],
  ])('%j is %j', (text, date) => {
    expect(dateOf(text)).toBe(date)
  })
})

describe('a WHOIS answer', () => {
  it('is read as generic registries write it', () => {
    const text = `   Domain Name: EXAMPLE.NET
   Registry Domain ID: 1_DOMAIN-VRSN
   Creation Date: 2026-02-20T04:00:00Z
   Registry Expiry Date: 2027-02-20T04:00:00Z
   Registrar: Example Registrar, Inc.
   Registrant Organization: REDACTED FOR PRIVACY
   Registrant Country: AT
>>> Last update of whois database: 2026-03-01T00:00:00Z <<<
NOTICE: The expiration date displayed in this record is that of the registrar: see its own.`
    expect(readWhois(text)).toEqual({
      registrar: 'Example Registrar, Inc.',
      registeredOn: '2026-02-20',
      expiresOn: '2027-02-20',
      country: 'AT',
    })
  })

  it('is read where values stand on the next line', () => {
    const text =
      '\r\n    Domain name:\r\n        example.org\r\n\r\n    Registrar:\r\n        Example Ltd [Tag = EX]\r\n        URL: http://example.com\r\n\r\n    Relevant dates:\r\n        Registered on: 01-Mar-2026\r\n        Expiry date:  01-Mar-2027\r\n'
    expect(readWhois(text)).toEqual({
      registrar: 'Example Ltd [Tag = EX]',
      registeredOn: '2026-03-01',
      expiresOn: '2027-03-01',
    })
  })

  it('is read as registries of addresses write it', () => {
    const text = `% This is a comment: of the database
inetnum:        192.0.2.0 - 192.0.2.255
netname:        EXAMPLE-NET
org-name:       Example GmbH
country:        DE
created:        2024-05-06T07:08:09Z
`
    expect(readWhois(text)).toEqual({
      network: 'EXAMPLE-NET',
      owner: 'Example GmbH',
      country: 'DE',
      registeredOn: '2024-05-06',
    })
  })

  it('names the next server, but not its port or a path', () => {
    expect(referralIn('refer:        whois.example.net\n')).toBe('whois.example.net')
    expect(referralIn('ReferralServer:  rwhois://whois.example.net:4321/x\n')).toBe('whois.example.net')
    expect(referralIn('refer: ../../etc\n')).toBeNull()
    expect(referralIn('nothing')).toBeNull()
  })

  it('never breaks the reader, and nothing in it acts on a terminal', () => {
    const names = fc.constantFrom('Registrar', 'Creation Date', 'owner', 'country', 'netname', 'refer')
    const hostile = fc.string({ unit: 'binary', maxLength: 400 })
    fc.assert(
      fc.property(fc.array(fc.tuple(names, hostile)), hostile, (fields, rest) => {
        const text = `${fields.map(([name, value]) => `${name}: ${value}\n`).join('')}${rest}`
        for (const value of Object.values(readWhois(text))) {
          expect(value).not.toMatch(/[\p{Cc}\p{Cf}]/u)
          expect(Array.from(value).length).toBeLessThanOrEqual(160)
          expect(value).not.toBe('')
        }
      }),
    )
  })

  it('is read in a moment, however it is made to be slow', () => {
    const slow = `${'a'.repeat(200_000)}\n${': '.repeat(50_000)}\n${`${' .'.repeat(500)}x\n`.repeat(200)}`
    const started = performance.now()
    readWhois(slow)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('an RDAP answer', () => {
  it('is read for a domain', () => {
    const document = {
      objectClassName: 'domain',
      ldhName: 'EXAMPLE.NET',
      events: [
        { eventAction: 'last changed', eventDate: '2026-03-01T00:00:00Z' },
        { eventAction: 'registration', eventDate: '2026-02-20T04:00:00Z' },
        { eventAction: 'expiration', eventDate: '2027-02-20T04:00:00Z' },
      ],
      entities: [
        { roles: ['abuse'], vcardArray: ['vcard', [['fn', {}, 'text', 'Abuse']]] },
        {
          roles: ['registrar'],
          handle: '1',
          vcardArray: ['vcard', [['fn', {}, 'text', 'Example Registrar']]],
        },
        {
          roles: ['registrant'],
          vcardArray: [
            'vcard',
            [
              ['fn', {}, 'text', 'Somebody'],
              ['org', {}, 'text', 'Example Ltd'],
              ['adr', { cc: 'AT' }, 'text', ['', '', '', '', '', '', '']],
            ],
          ],
        },
      ],
    }
    expect(readRdap(document)).toEqual({
      registrar: 'Example Registrar',
      registeredOn: '2026-02-20',
      expiresOn: '2027-02-20',
      owner: 'Example Ltd',
      country: 'AT',
    })
  })

  it('is read for a network', () => {
    expect(
      readRdap({
        objectClassName: 'ip network',
        startAddress: '192.0.2.0',
        name: 'EXAMPLE-NET',
        country: 'DE',
        events: [{ eventAction: 'registration', eventDate: '2010-01-02T03:04:05Z' }],
      }),
    ).toEqual({ network: 'EXAMPLE-NET', country: 'DE', registeredOn: '2010-01-02' })
  })

  it('never breaks the reader, whatever JSON it is', () => {
    const keys = fc.constantFrom('events', 'entities', 'vcardArray', 'roles', 'name', 'country', 'handle')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(value, (document) => {
        const read = (): string[] => {
          try {
            return Object.values(readRdap(document))
          } catch (error) {
            if (error instanceof NoAnswer) return []
            throw error
          }
        }
        for (const said of read()) expect(said).toMatch(/^[^\p{Cc}]{1,160}$/u)
      }),
    )
  })
})

describe('the list of registries', () => {
  const services = bootstrapServices({
    services: [
      [
        ['net', 'com'],
        ['http://old.example.com/', 'https://rdap.example.com/'],
      ],
      [['co.uk'], ['https://uk.example.com/']],
      [['uk'], ['https://other.example.com/']],
      [['192.0.0.0/8', '2001:db8::/32'], ['https://wide.example.com/']],
      [['192.0.2.0/24', '192.0.2.0/99', 'x/8'], ['https://narrow.example.com/']],
      'nonsense',
    ],
  })

  it('gives the server of the most specific key, and a secure one where there is a choice', () => {
    expect(serverFor(services, 'example.net')).toBe('https://rdap.example.com/')
    expect(serverFor(services, 'example.co.uk')).toBe('https://uk.example.com/')
    expect(serverFor(services, '192.0.2.77')).toBe('https://narrow.example.com/')
    expect(serverFor(services, '192.0.3.77')).toBe('https://wide.example.com/')
    expect(serverFor(services, '2001:db8::1')).toBe('https://wide.example.com/')
    expect(serverFor(services, 'example.invalid')).toBeNull()
    expect(serverFor(services, '198.51.100.1')).toBeNull()
  })
})
