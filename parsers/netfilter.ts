import { capture, constant, defineParser, firstOf, ip, isLike, lower, object, regex, when } from 'winnow'
import { outcomeOfAction, transportOf } from './pieces/traffic.ts'
import { withOwnTime, writtenTime } from './pieces/own-time.ts'

// [12345.678] [UFW BLOCK] IN=eth0 OUT= MAC=… SRC=198.51.100.9 DST=192.0.2.10 LEN=60 … PROTO=TCP SPT=50212 DPT=22 … SYN URGP=0
const packet = regex(
  '^(?:\\[?(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d [\\d:]{8} \\d{4}|\\d{4}-\\d\\d-\\d\\dT[^\\s\\]]+)\\]? (?:\\S+ kernel: ?)?)?(?:\\[ *\\d+\\.\\d+\\] ?)?\\[?(?<prefix>.*?)[\\]: ]*IN=(?<in>\\S*) OUT=(?<out>\\S*) (?:.*? )??SRC=(?<source>\\S+) DST=(?<destination>\\S+) LEN=(?<length>\\d+) .*?PROTO=(?<protocol>\\S+)(?: SPT=(?<sourcePort>\\d+) DPT=(?<destinationPort>\\d+)| TYPE=(?<type>\\d+) CODE=(?<code>\\d+))?(?<rest>.*)$',
  { containing: ' PROTO=' },
)

export default defineParser({
  id: 'netfilter',
  title: 'Linux firewall (iptables, nftables, UFW) packets',
  category: 'flow',
  // Some devices leave the program out, and ulogd writes without the kernel.
  inside: { programs: ['*'], standalone: true },
  variants: withOwnTime({
    line: packet,
    written: (part) => writtenTime(part('time'), '^'),
    columns: (part) => ({
      event_action: firstOf(lower(part('prefix')), constant('packet')),
      // EdgeOS, VyOS and UniFi end a rule's name in -A, -D or -R: accept, drop, reject.
      event_outcome: when(
        isLike(part('prefix'), '-[DR]$'),
        constant('failure'),
        when(isLike(part('prefix'), '-A$'), constant('success'), outcomeOfAction(part('prefix'))),
      ),
      rule_name: part('prefix'),
      source_ip: ip(part('source')),
      source_port: part('sourcePort'),
      destination_ip: ip(part('destination')),
      destination_port: part('destinationPort'),
      network_transport: transportOf(part('protocol')),
      network_bytes: part('length'),
      other: object({
        in: part('in'),
        out: part('out'),
        flags: capture(part('rest'), ' RES=\\S+ ([A-Z ]*[A-Z]) URGP='),
        icmp_type: part('type'),
        icmp_code: part('code'),
      }),
    }),
  }),
})
