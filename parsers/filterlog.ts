import { constant, defineParser, firstOf, integer, ip, lookup, object, piece, regex, replace } from 'winnow'
import { transportOf } from './pieces/traffic.ts'

// 53,,,1000000301,em0,match,block,in,4,0x0,,64,420,0,none,6,tcp,60,198.51.100.9,192.0.2.15,53742,22,0,S,29633380,,65535,,mss
// The headers of IPv4 and IPv6 differ; both end with length, source and destination. Ports and flags follow, or ICMP.
const line = regex(
  '^(?<rule>\\d*),[^,]*,(?<anchor>[^,]*),(?<tracker>[^,]*),(?<interface>[^,]*),(?<reason>[^,]*),(?<action>[a-z]+),(?<direction>in|out)[^,]*,(?:4,[^,]*,[^,]*,\\d*,[^,]*,[^,]*,[^,]*,(?<number>\\d+),[^,]*|6,[^,]*,[^,]*,\\d*,(?<name>[^,]*),\\d+),(?<length>\\d+),(?<source>[0-9A-Fa-f.:]+),(?<destination>[0-9A-Fa-f.:]+)(?:,(?<sourcePort>\\d+),(?<destinationPort>\\d+),\\d+(?:,(?<flags>[A-Z]*),.*)?|,(?<rest>.*))?$',
  { containing: ',' },
)

export default defineParser({
  id: 'filterlog',
  title: 'pf packets (pfSense, OPNsense)',
  category: 'flow',
  inside: { programs: ['filterlog'] },
  line,
  columns: (part) => ({
    event_action: part('action'),
    event_outcome: lookup(
      part('action'),
      { pass: 'success', nat: 'success', rdr: 'success', block: 'failure', reject: 'failure' },
      constant('unknown'),
    ),
    event_reason: part('reason'),
    rule_id: firstOf(part('tracker'), part('rule')),
    source_ip: ip(part('source')),
    source_port: part('sourcePort'),
    destination_ip: ip(part('destination')),
    destination_port: part('destinationPort'),
    network_transport: transportOf(firstOf(part('number'), part('name'))),
    network_bytes: integer(part('length')),
    other: object({
      rule: part('rule'),
      anchor: part('anchor'),
      interface: part('interface'),
      direction: part('direction'),
      flags: part('flags'),
      icmp: replace(piece(replace(part('rest'), ' ', ''), ',', 1), 'datalength=', ''),
    }),
  }),
})
