import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { withHuntOptions, type HuntOptions } from '../../src/cli/options.ts'
import { huntRequest } from '../../src/cli/run-hunt.ts'

const typed = (...words: readonly string[]) => {
  const command = withHuntOptions(new Command().argument('<path...>').exitOverride())
  command.configureOutput({ writeErr: () => undefined })
  command.parse(words, { from: 'user' })
  return huntRequest(command.args, command.opts<HuntOptions>())
}

describe('the options for what the outside knows', () => {
  it('ask nobody unless they say so', () => {
    expect(typed('a.log')).toEqual({ paths: ['a.log'] })
  })

  it('switch on all look-ups, or some', () => {
    expect(typed('a.log', '--look-up')).toEqual({ paths: ['a.log'], lookUps: true })
    expect(typed('--look-up', 'certificate,reverse-dns', 'a.log')).toEqual({
      paths: ['a.log'],
      lookUps: ['certificate', 'reverse-dns'],
    })
    expect(() => typed('--look-up', 'a.log')).toThrow(/expected some of certificate,registration,reverse-dns/)
  })

  it('take several files', () => {
    const words = ['--categories', 'a', '--categories', 'b', '--reputation', 'c', '--networks', 'd']
    expect(typed('a.log', ...words)).toEqual({
      paths: ['a.log'],
      categories: ['a', 'b'],
      reputation: ['c'],
      networks: 'd',
    })
  })

  it('warn that asking shows interest', () => {
    const help = withHuntOptions(new Command()).helpInformation().replaceAll(/\s+/g, ' ')
    expect(help).toContain('the adversary may be among them')
  })
})
