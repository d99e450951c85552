import {
  constant,
  defineParser,
  delimited,
  integer,
  ip,
  isLike,
  isOneOf,
  lookup,
  lower,
  object,
  regex,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'
import { transportOf } from './pieces/traffic.ts'

const documented = [
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
] as const

/** What versions 3 to 8 add, in whatever order the header gives. */
const added = [
  'vpc-id',
  'subnet-id',
  'instance-id',
  'tcp-flags',
  'type',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'region',
  'az-id',
  'flow-direction',
  'traffic-path',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
  'reject-reason',
] as const

const absent = { absent: '-' }

/**
 * A record counts one way only: the bytes and packets are those of its source, and the answers are a record of their own.
 * NODATA and SKIPDATA records are events without addresses.
 */
const recordColumns = (field: (name: (typeof documented)[number]) => Value): ColumnValues => ({
  timestamp: time(field('start'), { epoch: 'seconds' }),
  event_action: when(
    isOneOf(field('log-status'), 'OK'),
    text(lower(field('action')), absent),
    lower(field('log-status')),
  ),
  event_outcome: lookup(field('action'), { ACCEPT: 'success', REJECT: 'failure' }, constant('unknown')),
  event_code: field('log-status'),
  source_ip: ip(field('srcaddr')),
  source_port: field('srcport'),
  source_bytes: integer(field('bytes')),
  source_packets: integer(field('packets')),
  destination_ip: ip(field('dstaddr')),
  destination_port: field('dstport'),
  network_transport: text(transportOf(field('protocol')), absent),
  network_bytes: integer(field('bytes')),
  cloud_account_id: text(field('account-id'), { absent: ['-', 'unknown'] }),
})

const headed = delimited({
  // The names are what follows this text: of the first one, `version`, a letter must be left.
  header: 'versio',
  separator: ' ',
  names: ['n', ...documented, ...added],
})

export default defineParser({
  id: 'vpc-flow',
  title: 'AWS VPC flow logs',
  category: 'flow',
  variants: [
    // version account-id interface-id srcaddr … (a header; then fields in its order)
    variant(
      headed,
      (part) => ({
        ...recordColumns(part),
        cloud_region: text(part('region'), absent),
        other: object({
          interface: part('interface-id'),
          end: text(part('end'), absent),
          ...Object.fromEntries(
            added
              .filter((name) => name !== 'region')
              .map((name) => [name.replaceAll('-', '_'), text(part(name), absent)]),
          ),
        }),
      }),
      (part) => isLike(part('start'), '^[0-9]{9,11}$'),
    ),
    // 2 123456789010 eni-1235b8ca123456789 192.0.2.7 198.51.100.9 50212 443 6 10 840 1772856306 1772856366 ACCEPT OK
    variant(
      regex(
        '^(?:\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z )?\\d{1,2} (?<account>\\d{12}|unknown|-) (?<interface>\\S+) (?<source>[0-9A-Fa-f.:]+|-) (?<destination>[0-9A-Fa-f.:]+|-) (?<sourcePort>\\d+|-) (?<destinationPort>\\d+|-) (?<protocol>\\d+|-) (?<packets>\\d+|-) (?<bytes>\\d+|-) (?<start>\\d+) (?<end>\\d+) (?<action>ACCEPT|REJECT|-) (?<status>OK|NODATA|SKIPDATA)(?: .*)?$',
      ),
      (part) => {
        const fields = {
          'account-id': part('account'),
          'interface-id': part('interface'),
          srcaddr: part('source'),
          dstaddr: part('destination'),
          srcport: part('sourcePort'),
          dstport: part('destinationPort'),
          protocol: part('protocol'),
          packets: part('packets'),
          bytes: part('bytes'),
          start: part('start'),
          end: part('end'),
          action: part('action'),
          'log-status': part('status'),
        }
        return {
          ...recordColumns((name) => fields[name]),
          other: object({ interface: part('interface'), end: part('end') }),
        }
      },
    ),
  ],
})
