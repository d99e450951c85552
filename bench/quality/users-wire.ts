/**
 * Windows security events of an organisation, as lines of Winlogbeat.
 *
 * @module
 */

export interface UserEvent {
  readonly timeMs: number
  readonly text: string
}

export interface Logon {
  readonly user: string
  /** The machine logged in to. */
  readonly host: string
  /** The machine that it came from; the host itself for a logon at its keyboard. */
  readonly from: string
  readonly failed?: boolean
}

/** The address of a machine: a number of its own in 2001:db8::/32. */
export const addressOf = (host: string): string => {
  let hash = 0
  for (const letter of host) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return `2001:db8::${(hash >>> 16).toString(16)}:${(hash & 0xffff).toString(16)}`
}

const event = (
  timeMs: number,
  code: number,
  computer: string,
  outcome: string,
  data: Readonly<Record<string, string>>,
): UserEvent => ({
  timeMs,
  text: JSON.stringify({
    '@timestamp': new Date(timeMs).toISOString(),
    event: { code, outcome },
    winlog: {
      channel: 'Security',
      provider_name: 'Microsoft-Windows-Security-Auditing',
      computer_name: computer,
      event_id: code,
      event_data: data,
    },
  }),
})

/** 4624, or 4625 where it failed. */
export const logon = (timeMs: number, { user, host, from, failed = false }: Logon): UserEvent =>
  event(timeMs, failed ? 4625 : 4624, host, failed ? 'failure' : 'success', {
    TargetUserName: user,
    TargetDomainName: 'EXAMPLE',
    LogonType: from === host ? '2' : '3',
    WorkstationName: from,
    IpAddress: addressOf(from),
  })

/** 4672: a session with special rights. */
export const privileges = (timeMs: number, user: string, host: string): UserEvent =>
  event(timeMs, 4672, host, 'success', { SubjectUserName: user, SubjectDomainName: 'EXAMPLE' })

/** 4720, or 4728 where a group is named that the account becomes a member of. */
export const accountChange = (timeMs: number, by: string, user: string, group?: string): UserEvent =>
  group === undefined
    ? event(timeMs, 4720, 'dc1', 'success', { SubjectUserName: by, TargetUserName: user })
    : event(timeMs, 4728, 'dc1', 'success', {
        SubjectUserName: by,
        TargetUserName: group,
        MemberName: `CN=${user},OU=People,DC=example,DC=com`,
      })
