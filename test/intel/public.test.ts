import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressNumber } from '../../src/addresses/address.ts'
import { isPublicAddress, isPublicName, plainName, registeredName } from '../../src/intel/public.ts'

describe('public addresses', () => {
  it.each([
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:a00:1::1',
    '3fff::1',
    'localhost',
    '1.2.3',
    '',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it.each(['1.1.1.1', '::ffff:1.1.1.1', '172.32.0.1', '2606:4700::1111', '2A00:1450::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it('are never among the private ones, however written', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
        expect(isPublicAddress(`10.${a}.${b}.${c}`)).toBe(false)
        expect(isPublicAddress(`::ffff:10.${a}.${b}.${c}`)).toBe(false)
      }),
    )
  })
})

describe('public names', () => {
  it.each([
    'localhost',
    'fileserver',
    'fs.corp',
    'printer.local',
    'www.example.com',
    'a.test',
    'x.onion',
    'com',
    '1.1.1.1',
    '4.3.2.1.in-addr.arpa',
    'a b.com',
    '-a.com',
    '',
  ])('%s is none', (name) => {
    expect(isPublicName(name)).toBe(false)
  })

  it.each(['iana.org', 'WWW.IANA.org.', 'something.github.io', 'bücher.de'])('%s is one', (name) => {
    expect(isPublicName(name)).toBe(true)
  })

  it('are known by what a registry sold', () => {
    expect(registeredName('a.b.iana.org')).toBe('iana.org')
    expect(registeredName('somebody.github.io')).toBe('github.io')
    expect(registeredName('a.b.co.uk')).toBe('b.co.uk')
    expect(plainName('WWW.Bücher.Example.COM.')).toBe('www.xn--bcher-kva.example.com')
  })
})

describe('addresses as numbers', () => {
  it('keep their order and their version', () => {
    expect(addressNumber('0.0.1.2')).toEqual({ version: 4, bits: 258n })
    expect(addressNumber('::ffff:0.0.1.2')).toEqual({ version: 4, bits: 258n })
    expect(addressNumber('2001:db8::1:0')).toEqual({ version: 6, bits: (0x20010db8n << 96n) | 0x10000n })
    expect(addressNumber('::')).toEqual({ version: 6, bits: 0n })
    expect(addressNumber('64:ff9b::192.0.2.1')?.bits).toBe((0x64ff9bn << 96n) | 0xc0000201n)
    expect(addressNumber('example.com')).toBeNull()
  })

  it('are found for every address there is', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const number = addressNumber(address)
        expect(number).not.toBeNull()
        expect((number?.bits ?? -1n) >> 128n).toBe(0n)
      }),
    )
  })
})
