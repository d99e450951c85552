import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, readingOf, type Laboratory } from './load-lines.ts'

const packet =
  'IN=eth0 OUT= MAC= SRC=198.51.100.9 DST=192.0.2.10 LEN=60 TOS=0x00 PREC=0x00 TTL=51 ID=1 DF PROTO=TCP SPT=50212 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0'
const built =
  'Built outbound TCP connection 1 for outside:198.51.100.9/443 (198.51.100.9/443) to inside:192.0.2.7/50212 (203.0.113.1/50212)'
const fortigate =
  'date=2026-03-07 time=04:05:06 devname="fw-1" logid="0000000013" type="traffic" subtype="forward" srcip=192.0.2.7 srcport=50212 dstip=198.51.100.9 dstport=443 proto=6 action="close" sentbyte=1 rcvdbyte=2'
const paloAlto =
  '1,2026/03/07 04:05:06,001122334455,TRAFFIC,end,2561,2026/03/07 04:05:06,192.0.2.7,198.51.100.9,203.0.113.1,198.51.100.9,allow,,,ssl,vsys1,trust,untrust,ethernet1/2,ethernet1/1,forward,2026/03/07 04:05:06,4567,1,50212,443,37679,443,0x400053,tcp,allow,3,1,2,2,2026/03/07 04:05:06,0,any'
const iso = '2026-03-07T04:05:06.000Z'
const old = 'Mar  7 04:05:06 gate'

interface Case {
  readonly form: string
  readonly line: string
  readonly expected: Readonly<Record<string, unknown>>
}

const flow = (format: string) => ({ format, category: 'flow', host_name: 'gate' })
const out = { source_ip: '::ffff:192.0.2.7', source_port: 50212, destination_port: 443 }
const into = { source_ip: '::ffff:198.51.100.9', destination_port: 22, network_transport: 'tcp' }

const cases: readonly Case[] = [
  {
    form: 'a kernel line with its uptime',
    line: `${old} kernel: [12345.678901] [UFW BLOCK] ${packet}`,
    expected: { ...flow('netfilter'), ...into, event_action: 'ufw block', event_outcome: 'failure' },
  },
  {
    form: 'a kernel line of a device that puts commas into its name',
    line: `Mar  7 04:05:06 GATE,a2edd0c6ae48,udm-1.10.0.3686 kernel: [2070485.251422] ${packet}`,
    expected: { format: 'netfilter', ...into, event_action: 'packet', event_outcome: 'unknown' },
  },
  {
    form: 'a packet without a program',
    line: `<13>${old} [WAN_LOCAL-default-D]${packet}`,
    expected: { ...flow('netfilter'), ...into, event_outcome: 'failure' },
  },
  {
    form: 'a kernel line with an ISO time',
    line: `${iso} gate kernel: fw-accept: ${packet}`,
    expected: { ...flow('netfilter'), ...into, event_outcome: 'success' },
  },
  {
    form: 'an ASA message behind a colon',
    line: `<166>${old} : %ASA-6-302013: ${built}`,
    expected: { ...flow('cisco-asa'), ...out, event_code: '302013', event_severity: 6 },
  },
  {
    form: 'an ASA message in RFC 5424',
    line: `<166>1 ${iso} gate - - - - %ASA-6-302013: ${built}`,
    expected: { ...flow('cisco-asa'), ...out, event_code: '302013' },
  },
  {
    form: 'an ASA login',
    line: `<166>${old} : %ASA-6-605004: Login denied from 198.51.100.9/50212 to outside:192.0.2.1/https for user "root"`,
    expected: { format: 'cisco-asa', category: 'auth', user_name: 'root', event_outcome: 'failure' },
  },
  {
    form: 'a FortiGate line with the header of a relay',
    line: `<189>${old} ${fortigate}`,
    expected: { format: 'fortigate', category: 'flow', host_name: 'fw-1', ...out },
  },
  {
    form: 'a PAN-OS line',
    line: `<14>${old} ${paloAlto}`,
    expected: { format: 'palo-alto', category: 'flow', ...out, source_bytes: 1, destination_bytes: 2 },
  },
  {
    form: 'a PAN-OS line in RFC 5424',
    line: `<14>1 ${iso} gate - - - - ${paloAlto}`,
    expected: { format: 'palo-alto', ...out },
  },
  {
    form: 'CEF right after the host, with no time of its own',
    line: `<134>${old} CEF:0|Example|IPS|1.0|100|Worm|10|src=192.0.2.7 spt=50212 dst=198.51.100.9 dpt=443`,
    expected: { format: 'cef', category: 'alert', host_name: 'gate', rule_name: 'Worm', ...out },
  },
  {
    form: 'CEF of a program',
    line: `${old} agent[12]: CEF:0|Example|IPS|1.0|100|Worm|10|rt=1772856306123 src=192.0.2.7 spt=50212 dpt=443`,
    expected: { format: 'cef', timestamp: '2026-03-07 04:05:06.123', ...out },
  },
  {
    form: 'LEEF right after the host',
    line: `<13>${old} LEEF:1.0|Example|IDS|3.8|NOTABLE|src=192.0.2.7\tsrcPort=50212\tdst=198.51.100.9\tdstPort=443`,
    expected: { format: 'leef', category: 'alert', host_name: 'gate', rule_id: 'NOTABLE', ...out },
  },
  {
    form: 'LEEF 2.0 in RFC 5424',
    line: `<13>1 ${iso} gate - - - - LEEF:2.0|Example|IDS|3.8|NOTABLE|^|src=192.0.2.7^srcPort=50212^dstPort=443`,
    expected: { format: 'leef', host_name: 'gate', ...out },
  },
  {
    form: 'another message',
    line: `${old} app: a | b, c = 100 % of d`,
    expected: { format: 'syslog', category: 'other' },
  },
]

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
  const bytes = new TextEncoder().encode(`${cases.map(({ line }) => line).join('\n')}\n`)
  await lab.load('cases', bytes, readingOf('syslog'), goldenContext)
})
afterAll(() => lab.close())

describe('inside syslog', () => {
  test.for(cases.map((one, i) => ({ ...one, number: i + 1 })))('$form', async ({ expected, number }) => {
    const [row] = await lab.engine.rows<Record<string, unknown>>(
      sql`SELECT * FROM events WHERE line_number = ${number}`,
    )
    expect(row).toMatchObject({ timestamp: expect.stringMatching(/^2026-03-07 04:05:06/), ...expected })
  })
})
