import {
  allOf,
  anyOf,
  capture,
  constant,
  firstOf,
  groups,
  integer,
  ip,
  isLike,
  isNot,
  isOneOf,
  isPresent,
  json,
  joined,
  lookup,
  lower,
  object,
  piece,
  replace,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Test,
  type Value,
  type Variant,
} from 'winnow'
import { nameNotAddress } from './http.ts'
import { transportOf } from './traffic.ts'
import {
  auditOutcomes,
  authCodes,
  failureReasons,
  groupCodes,
  loginCodes,
  otherActions,
  ownCodes,
  securityActions,
  sysmonActions,
} from './windows-codes.ts'

/** Where a form of Windows events as JSON keeps what: paths, the first that is there counts. */
export interface WindowsNames {
  readonly require: readonly (string | readonly string[])[]
  readonly time: readonly string[]
  readonly code: readonly string[]
  readonly provider: readonly string[]
  readonly channel: readonly string[]
  readonly computer: readonly string[]
  readonly level: readonly string[]
  /** What says whether an audited thing succeeded. */
  readonly audit: readonly string[]
  readonly record: readonly string[]
  /** Who it ran as, where the event's own data don't say. */
  readonly account: readonly string[]
  /** What stands before the names of the event's own data: `Event.EventData.`. */
  readonly data: string
  /** Who cleared the log: that event keeps its data elsewhere. */
  readonly clearedBy: readonly string[]
}

type Part = (name: string) => Value

interface Event {
  readonly code: Value
  readonly provider: Value
  readonly channel: Value
  /** Of the event's own data; `-` is no value. */
  readonly data: (name: string) => Value
  readonly first: (paths: readonly string[]) => Value
}

const none = constant('')

const eventOf = (part: Part, names: WindowsNames): Event => {
  const first = (paths: readonly string[]): Value => (paths.length === 0 ? none : firstOf(...paths.map(part)))
  return {
    first,
    code: firstOf(...names.code.map((path) => capture(part(path), '^([0-9]+)$'))),
    provider: first(names.provider),
    channel: first(names.channel),
    data: (name) => text(part(names.data + name), { absent: '-' }),
  }
}

const isSysmon = ({ provider, channel }: Event): Test =>
  anyOf(isLike(channel, '(?i)sysmon'), isLike(provider, '(?i)sysmon'))

const isSecurity = ({ provider, channel }: Event): Test =>
  anyOf(
    isOneOf(channel, 'Security'),
    isLike(provider, '(?i)^Microsoft.Windows.security.auditing'),
    isNot(anyOf(isPresent(channel), isPresent(provider))),
  )

type Kind = 'auth' | 'process' | 'flow' | 'dns'

const kinds: Readonly<Record<Kind, (event: Event) => Test>> = {
  auth: (event) => allOf(isOneOf(event.code, ...authCodes), isSecurity(event)),
  process: (event) =>
    anyOf(
      allOf(isOneOf(event.code, '4688', '4689'), isSecurity(event)),
      allOf(isOneOf(event.code, '1', '5'), isSysmon(event)),
    ),
  flow: (event) =>
    anyOf(
      allOf(isOneOf(event.code, '5156', '5157'), isSecurity(event)),
      allOf(isOneOf(event.code, '3'), isSysmon(event)),
    ),
  dns: (event) => allOf(isOneOf(event.code, '22'), isSysmon(event)),
}

const actionOf = (event: Event): Value =>
  when(
    isSysmon(event),
    lookup(event.code, sysmonActions, none),
    when(
      isSecurity(event),
      lookup(event.code, securityActions, none),
      lookup(event.code, otherActions, none),
    ),
  )

/** `EXAMPLE\alice` */
const accountParts = (account: Value): { readonly domain: Value; readonly name: Value } => {
  const split = groups(account, '^(?:(.*)\\\\)?([^\\\\]*)$')
  return { domain: split(1), name: split(2) }
}

const common = (part: Part, names: WindowsNames): ColumnValues => {
  const event = eventOf(part, names)
  const { code, provider, channel, data, first } = event
  const account = accountParts(firstOf(data('User'), data('SourceUser'), first(names.account)))
  const executable = firstOf(data('NewProcessName'), data('Image'), data('SourceImage'), data('Application'))
  return {
    timestamp: time(first(names.time), 'any'),
    event_action: actionOf(event),
    event_code: code,
    event_provider: firstOf(provider, channel),
    event_severity: integer(first(names.level)),
    event_outcome: lookup(first(names.audit), auditOutcomes, none),
    host_name: first(names.computer),
    user_name: firstOf(data('SubjectUserName'), first(names.clearedBy), account.name),
    user_domain: firstOf(data('SubjectDomainName'), account.domain),
    process_name: firstOf(capture(executable, '([^\\\\/]+)$')),
    process_executable: executable,
    process_pid: integer(data('ProcessId')),
    other: object({
      channel,
      record_id: first(names.record),
      rule: data('RuleName'),
      process: data('ProcessName'),
      hashes: data('Hashes'),
      process_guid: data('ProcessGuid'),
      logon_id: firstOf(data('TargetLogonId'), data('LogonId'), data('SubjectLogonId')),
    }),
  }
}

const fieldsOf = (columns: ColumnValues): Readonly<Record<string, Value>> =>
  columns.other?.kind === 'object' ? columns.other.fields : {}

const authColumns = (part: Part, names: WindowsNames): ColumnValues => {
  const columns = common(part, names)
  const { code, data } = eventOf(part, names)
  const isOwn = isOneOf(code, ...ownCodes)
  const isGroup = isOneOf(code, ...groupCodes)
  const target = data('TargetUserName')
  const workstation = firstOf(data('WorkstationName'), data('Workstation'), data('ClientName'))
  const address = firstOf(data('IpAddress'), data('ClientAddress'))
  const status = lower(data('Status'))
  const detail = lower(firstOf(text(data('SubStatus'), { absent: ['0x0', '0x00000000'] }), status))
  const succeeded = ['0x0', '0x00000000']
  const byStatus = when(
    isOneOf(status, ...succeeded),
    constant('success'),
    when(isPresent(status), constant('failure'), columns.event_outcome ?? none),
  )
  const outcome = when(
    isOneOf(code, '4625', '4771'),
    constant('failure'),
    when(isOneOf(code, '4768', '4769', '4776'), byStatus, columns.event_outcome ?? none),
  )
  return {
    ...columns,
    // A log of the domain controller alone has no other sign of a logon than the ticket.
    event_outcome: when(
      allOf(isOneOf(code, ...loginCodes), isOneOf(outcome, '')),
      constant('success'),
      outcome,
    ),
    event_reason: when(isOneOf(detail, ...succeeded), none, lookup(detail, failureReasons)),
    source_ip: ip(address),
    source_port: data('IpPort'),
    // Where an account was locked, the domain's place holds the computer it was locked from.
    source_domain: nameNotAddress(
      firstOf(workstation, when(isOneOf(code, '4740'), data('TargetDomainName'), none)),
    ),
    user_name: when(isOwn, piece(target, '@', 1), columns.user_name ?? none),
    user_domain: when(isOwn, data('TargetDomainName'), columns.user_domain ?? none),
    user_target_name: when(
      isOwn,
      none,
      when(isGroup, firstOf(capture(data('MemberName'), '(?i)^CN=([^,]+)'), data('MemberSid')), target),
    ),
    resource_name: firstOf(when(isGroup, target, none), data('ServiceName'), data('TargetServerName')),
    process_executable: data('ProcessName'),
    process_name: capture(data('ProcessName'), '([^\\\\/]+)$'),
    other: object({
      ...fieldsOf(columns),
      logon_type: data('LogonType'),
      logon_process: data('LogonProcessName'),
      authentication: data('AuthenticationPackageName'),
      privileges: data('PrivilegeList'),
      ticket_encryption: data('TicketEncryptionType'),
      ticket_options: data('TicketOptions'),
      elevated: data('ElevatedToken'),
      status: data('Status'),
      sub_status: data('SubStatus'),
    }),
  }
}

const processColumns = (part: Part, names: WindowsNames): ColumnValues => {
  const columns = common(part, names)
  const { data } = eventOf(part, names)
  const executable = firstOf(data('NewProcessName'), data('Image'), data('ProcessName'))
  return {
    ...columns,
    user_target_name: data('TargetUserName'),
    process_executable: executable,
    process_name: capture(executable, '([^\\\\/]+)$'),
    process_parent_executable: firstOf(data('ParentProcessName'), data('ParentImage')),
    process_command_line: data('CommandLine'),
    process_working_directory: data('CurrentDirectory'),
    other: object({
      ...fieldsOf(columns),
      parent_command_line: data('ParentCommandLine'),
      parent_user: data('ParentUser'),
      original_file_name: data('OriginalFileName'),
      integrity: firstOf(data('IntegrityLevel'), data('MandatoryLabel')),
      elevation: data('TokenElevationType'),
      process_id: data('NewProcessId'),
    }),
  }
}

const flowColumns = (part: Part, names: WindowsNames): ColumnValues => {
  const columns = common(part, names)
  const { code, data } = eventOf(part, names)
  return {
    ...columns,
    event_outcome: when(isOneOf(code, '5157'), constant('failure'), constant('success')),
    network_transport: transportOf(data('Protocol')),
    network_protocol: data('DestinationPortName'),
    source_ip: ip(firstOf(data('SourceIp'), data('SourceAddress'))),
    source_port: data('SourcePort'),
    source_domain: data('SourceHostname'),
    destination_ip: ip(firstOf(data('DestinationIp'), data('DestAddress'))),
    destination_port: firstOf(data('DestinationPort'), data('DestPort')),
    destination_domain: data('DestinationHostname'),
    other: object({
      ...fieldsOf(columns),
      initiated: data('Initiated'),
      direction: lookup(data('Direction'), { '%%14592': 'inbound', '%%14593': 'outbound' }),
    }),
  }
}

/** Windows' own error numbers for the answers of DNS: https://learn.microsoft.com/windows/win32/debug/system-error-codes. */
const dnsCodes = {
  '0': 'NOERROR',
  '9001': 'FORMERR',
  '9002': 'SERVFAIL',
  '9003': 'NXDOMAIN',
  '9004': 'NOTIMP',
  '9005': 'REFUSED',
  '9501': 'NOERROR',
}

const dnsColumns = (part: Part, names: WindowsNames): ColumnValues => {
  const columns = common(part, names)
  const { data } = eventOf(part, names)
  // type:  5 edge.example.net;::ffff:203.0.113.80;
  const answers = ['type:  5 ', '::ffff:'].reduce(
    (text, part) => replace(text, part, ''),
    data('QueryResults'),
  )
  return {
    ...columns,
    network_protocol: constant('dns'),
    event_outcome: when(isOneOf(data('QueryStatus'), '0'), constant('success'), constant('failure')),
    dns_question_name: data('QueryName'),
    dns_response_code: lookup(data('QueryStatus'), dnsCodes),
    dns_answers: capture(replace(answers, ';', ','), '^(.*?),?$'),
  }
}

const otherColumns = (part: Part, names: WindowsNames): ColumnValues => {
  const columns = common(part, names)
  const event = eventOf(part, names)
  const { data } = event
  const thing = (kind: string, value: Value): Value =>
    when(isPresent(value), joined([constant(kind), value], '/'), none)
  return {
    ...columns,
    user_target_name: firstOf(accountParts(data('TargetUser')).name, data('TargetUserName')),
    source_ip: ip(data('IpAddress')),
    process_command_line: firstOf(data('ServiceFileName'), data('ImagePath'), data('ScriptBlockText')),
    file_path: firstOf(data('TargetFilename'), data('ImageLoaded')),
    resource_name: firstOf(
      thing('service', data('ServiceName')),
      thing('task', data('TaskName')),
      thing('registry', data('TargetObject')),
      thing('share', data('ShareName')),
      thing('pipe', data('PipeName')),
      thing('process', data('TargetImage')),
      data('ObjectName'),
    ),
    other: object({
      ...fieldsOf(columns),
      details: data('Details'),
      operation: text(data('EventType'), { absent: 'INFO' }),
      granted_access: data('GrantedAccess'),
      signature: data('Signature'),
      signed: data('Signed'),
      start_type: firstOf(data('ServiceStartType'), data('StartType')),
      account: firstOf(data('ServiceAccount'), data('AccountName')),
      relative_target: data('RelativeTargetName'),
    }),
  }
}

/** Windows events in one of their forms as JSON, each kind with its category. No event is of two kinds. */
export const windowsVariants = (names: WindowsNames): readonly Variant[] => {
  const line = json({ require: names.require })
  const of = (kind: Kind, columns: (part: Part, names: WindowsNames) => ColumnValues): Variant =>
    variant(
      line,
      (part) => columns(part, names),
      (part) => kinds[kind](eventOf(part, names)),
      kind,
    )
  return [
    of('auth', authColumns),
    of('process', processColumns),
    of('flow', flowColumns),
    of('dns', dnsColumns),
    variant(
      line,
      (part) => otherColumns(part, names),
      (part) => {
        const event = eventOf(part, names)
        return isNot(anyOf(...Object.values(kinds).map((holds) => holds(event))))
      },
      'other',
    ),
  ]
}
