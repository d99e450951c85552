import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cefHeader, cefLine, cefValue } from '../../src/notify/cef.ts'
import { composeMail } from '../../src/notify/mail.ts'
import { slackMessage } from '../../src/notify/slack.ts'
import { syslogLines, type SyslogForm } from '../../src/notify/syslog-lines.ts'
import { webhookPayload } from '../../src/notify/webhook.ts'
import { version } from '../../src/version.ts'
import { bulletin, item, nowMs } from './place.ts'

const form: SyslogForm = { format: 'cef', header: 'rfc5424', facility: 16, host: 'winnow.example.com' }

/** What people who write logs put into them. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='x",
        '\r\nBcc: all@example.net\r\n\r\n',
        '<!channel>',
        '@channel',
        '![x](http://203.0.113.9/x.png)',
        '[click](javascript:alert(1))',
        '<http://203.0.113.9|click>',
        '`',
        '*_~',
        '|act=blocked',
        '\\',
        '=',
        '\n<0>1 - forged',
        '\u202E\u0000\u001b[2J\u2028',
        '\uD800',
        'www.example.net https://example.net',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)

const hostileItem = fc.tuple(hostile, hostile, hostile).map(([title, value, line]) =>
  item(
    {
      title,
      entities: [
        { kind: 'source_ip', value: '198.51.100.66', role: 'actor' },
        { kind: 'user_name', value, role: 'target' },
      ],
    },
    { lines: [line] },
  ),
)

const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

describe('a mail', () => {
  it('says what happened, to whom, and where to read on', () => {
    const { subject, text } = composeMail(bulletin())
    expect(subject).toBe(
      '[Winnow HIGH] New incident #12 · high · risk 72: 198.51.100.66 guessed passwords of 12 users',
    )
    expect(text).toBe(`New incident #12 · high · risk 72
198.51.100.66 guessed passwords of 12 users
  source ip: 198.51.100.66
  user name: ann
  1,234 events in 2 findings, 2026-03-03 11:50 – 11:59 UTC
  Credential Access
  https://winnow.example.com/incidents/i-1

https://winnow.example.com/incidents
`)
  })

  it('tells of several, and how many found no place', () => {
    const many = bulletin([item(), item({ id: 'i-2', number: 13, severity: 'low', risk: 20 })], {
      more: { count: 35, severities: { low: 33, high: 2 } },
      heldBack: 20,
    })
    const { subject, text } = composeMail(many)
    expect(subject).toContain('37 incidents, the worst high (#12)')
    expect(text).toContain('And 35 more incidents: 2 high, 33 low.')
    expect(text).toContain('at most 20 messages an hour')
  })

  it('holds whatever stood in a log as text and nothing else', () => {
    fc.assert(
      fc.property(hostileItem, (one) => {
        const { subject, text, html } = composeMail(bulletin([one]))
        expect(subject).not.toMatch(acting)
        expect(text.replaceAll('\n', '')).not.toMatch(acting)
        expect(html).not.toMatch(acting)
        // The tags are ours: taken away with their attributes, nothing of a tag is left.
        const own = /<(?:!doctype html|\/?(?:html|body|div|table|tr|td|p|a))(?: (?:style|href)="[^"<>]*")*>/g
        expect(html.replace(own, '')).not.toMatch(/[<>"']/)
        const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)
        expect(links.every((link) => link?.startsWith('https://winnow.example.com/'))).toBe(true)
      }),
    )
  })
})

describe('a chat message', () => {
  it('has an attachment for each incident, with its link', () => {
    expect(slackMessage(bulletin())).toEqual({
      text: 'New incident #\u200B12 · high · risk 72: 198.51.100.66 guessed passwords of 12 users',
      attachments: [
        {
          color: '#d9480f',
          fallback: 'New incident #\u200B12 · high · risk 72: 198.51.100.66 guessed passwords of 12 users',
          title: '198.51.100.66 guessed passwords of 12 users',
          title_link: 'https://winnow.example.com/incidents/i-1',
          text: [
            'New incident #12 · high · risk 72',
            'source ip `198.51.100.66`',
            'user name `ann`',
            '1,234 events in 2 findings, 2026-03-03 11:50 – 11:59 UTC',
          ].join('\n'),
          mrkdwn_in: ['text'],
        },
      ],
    })
  })

  it('mentions nobody, links nowhere and emphasises nothing that stood in a log', () => {
    fc.assert(
      fc.property(hostileItem, (one) => {
        const { text, attachments } = slackMessage(bulletin([one]))
        const [shown] = attachments
        const title = shown !== undefined && 'title' in shown ? shown.title : ''
        const told = [text, shown?.fallback ?? '', title]
        for (const each of [...told, shown?.text ?? '']) expect(each).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/)
        // Inside a code span nothing acts; outside, nothing that acts is whole.
        const outside = (shown?.text ?? '').replace(/`[^`\n]*`/g, '')
        for (const plain of [...told, outside]) expect(plain).not.toMatch(/`|@\w|\]\(|!\[|:\/\/|\bwww\.\w/)
      }),
    )
  })
})

describe('a webhook', () => {
  it('sends version 1: fields may come, but none may change or go', () => {
    expect(webhookPayload(bulletin())).toEqual({
      version: 1,
      id: 'c-1.7',
      kind: 'incidents',
      sent: '2026-03-03T12:00:00.000Z',
      incidents: [
        {
          change: 'opened',
          time: '2026-03-03T12:00:00.000Z',
          riskBefore: null,
          id: 'i-1',
          number: 12,
          title: '198.51.100.66 guessed passwords of 12 users',
          risk: 72,
          severity: 'high',
          state: 'open',
          first: '2026-03-03T11:50:00.000Z',
          last: '2026-03-03T11:59:00.000Z',
          events: 1234,
          findings: 2,
          entities: [
            { kind: 'source_ip', value: '198.51.100.66', role: 'actor' },
            { kind: 'user_name', value: 'ann', role: 'target' },
            { kind: 'user_agent', value: 'curl/8', role: 'detail' },
          ],
          tactics: ['Credential Access'],
          detectors: ['login-guessing'],
          url: 'https://winnow.example.com/incidents/i-1',
        },
      ],
      more: { count: 0, severities: {} },
      heldBack: false,
      url: 'https://winnow.example.com/incidents',
    })
  })

  it('stays small, whatever an incident holds', () => {
    const long = 'ü'.repeat(100_000)
    const huge = {
      title: long,
      detectors: Array.from({ length: 500 }, () => long),
      entities: Array.from({ length: 500 }, () => ({ kind: long, value: long, role: 'actor' as const })),
    }
    const items = Array.from({ length: 50 }, () => item(huge))
    expect(Buffer.byteLength(JSON.stringify(webhookPayload(bulletin(items))))).toBeLessThan(2_000_000)
    expect(composeMail(bulletin(items.slice(0, 20))).html.length).toBeLessThan(400_000)
    expect(JSON.stringify(slackMessage(bulletin(items.slice(0, 9)))).length).toBeLessThan(100_000)
  })
})

describe('CEF', () => {
  it('is what the format says', () => {
    const one = item({
      title: 'a|b\\c = d',
      entities: [{ kind: 'user_name', value: 'x=y\\z|\n2', role: 'actor' }],
    })
    expect(cefLine(one, { text: 500, entities: 16 })).toBe(
      `CEF:0|Winnow|Winnow|${version}|incident-opened|a\\|b\\\\c = d|7|rt=1772539200000 start=1772538600000 end=1772539140000 cnt=1234 externalId=i-1 cat=incident suser=x\\=y\\\\z|\\n2 cn1=72 cn1Label=Risk cn2=12 cn2Label=Incident cs1=high cs1Label=Severity cs2=Credential Access cs2Label=Tactics cs3=login-guessing cs3Label=Detectors cs4=user_name x\\=y\\\\z|\\n2 cs4Label=Entities cs5=https://winnow.example.com/incidents/i-1 cs5Label=Link`,
    )
  })

  it('names addresses by their version', () => {
    const one = item({ entities: [{ kind: 'source_ip', value: '2001:db8::1', role: 'actor' }] })
    const line = cefLine(one, { text: 500, entities: 16 })
    expect(line).toContain(' c6a2=2001:db8::1 c6a2Label=Source IPv6 Address ')
    expect(line).not.toContain(' src=')
  })

  it('can be read back: no value ends its field, the header or the line', () => {
    const unescapedHeader = (text: string): string => text.replace(/\\([\\|])/g, '$1')
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        const line = `CEF:0|v|p|1|id|${cefHeader(name)}|5|suser=${cefValue(value)} cat=incident`
        expect(line).not.toMatch(acting)
        const fields = [...line.matchAll(/((?:\\[\s\S]|[^\\|])*)(?:\||$)/g)].map(([, field]) => field ?? '')
        expect(fields[4]).toBe('id')
        expect(unescapedHeader(fields[5] ?? '')).toBe(unescapedHeader(cefHeader(name)))
        expect(fields[6]).toBe('5')
        const extension = line.slice(line.indexOf('|5|suser=') + 3)
        // Names of fields stand before equals signs that are not escaped.
        const names = [...extension.matchAll(/(\w+)(?<!\\)=/g)].map(([, key]) => key)
        expect(names).toEqual(['suser', 'cat'])
      }),
    )
  })
})

describe('syslog', () => {
  it('is RFC 5424, or RFC 3164 where that is asked for', () => {
    const [line] = syslogLines(bulletin(), form)
    expect(line).toMatch(
      /^<131>1 2026-03-03T12:00:00\.000Z winnow\.example\.com winnow - incident-opened - CEF:0\|Winnow\|/,
    )
    const [old] = syslogLines(bulletin(), { ...form, header: 'rfc3164', facility: 13 })
    expect(old).toMatch(/^<107>Mar {2}3 12:00:00 winnow\.example\.com CEF:0\|/)
    const [json] = syslogLines(bulletin(), { ...form, format: 'json', header: 'rfc3164' })
    expect(json).toMatch(/^<131>Mar {2}3 12:00:00 winnow\.example\.com winnow: \{"change":"opened"/)
  })

  it('is one line an incident of at most 8,000 bytes, whatever stood in a log', () => {
    const formats = fc.constantFrom<SyslogForm['format']>('cef', 'json')
    fc.assert(
      fc.property(hostile, formats, fc.integer({ min: 1, max: 40 }), (text, format, times) => {
        const value = text.repeat(times)
        const one = item(
          {
            title: value,
            entities: Array.from({ length: 20 }, () => ({ kind: 'user_name', value, role: 'actor' })),
          },
          { lines: [value, value] },
        )
        const lines = syslogLines(bulletin([one, item()]), { ...form, format })
        expect(lines).toHaveLength(2)
        for (const line of lines) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(8000)
          expect(line).not.toMatch(acting)
        }
        if (format === 'json') JSON.parse(lines[0]?.replace(/^.*? - (?=\{)/, '') ?? '')
      }),
      { numRuns: 60 },
    )
  })

  it('says the time of the message, not of the reader', () => {
    const lines = syslogLines(bulletin([], { isTest: true, nowMs: nowMs + 1500 }), form)
    expect(lines).toEqual([
      `<134>1 2026-03-03T12:00:01.500Z winnow.example.com winnow - test - CEF:0|Winnow|Winnow|${version}|test|This is a test. Messages about incidents will arrive here.|0|cat=test`,
    ])
  })
})
