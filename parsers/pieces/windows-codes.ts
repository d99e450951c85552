/** What Windows calls its kinds of event, by number: the security log's, and those of Sysmon. */

/** Attempts to log in, of which each is reported once. */
export const loginCodes = ['4624', '4625', '4768', '4771'] as const

/** Whose `TargetUserName` did it: others say in `SubjectUserName` who did something to the target. */
export const ownCodes = [...loginCodes, '4634', '4647', '4769', '4770', '4776', '4772', '4773'] as const

export const groupCodes = [
  '4728',
  '4729',
  '4732',
  '4733',
  '4746',
  '4747',
  '4751',
  '4752',
  '4756',
  '4757',
] as const

/** What the security log tells about logging in and accounts. */
const authActions: Readonly<Record<string, string>> = {
  '4624': 'login',
  '4625': 'login',
  '4634': 'logout',
  '4647': 'logout',
  '4648': 'explicit-credentials',
  '4672': 'privileges-assigned',
  '4720': 'account-created',
  '4722': 'account-enabled',
  '4723': 'password-changed',
  '4724': 'password-reset',
  '4725': 'account-disabled',
  '4726': 'account-deleted',
  '4728': 'group-member-added',
  '4729': 'group-member-removed',
  '4732': 'group-member-added',
  '4733': 'group-member-removed',
  '4738': 'account-changed',
  '4740': 'account-locked',
  '4741': 'computer-account-created',
  '4742': 'computer-account-changed',
  '4743': 'computer-account-deleted',
  '4746': 'group-member-added',
  '4747': 'group-member-removed',
  '4751': 'group-member-added',
  '4752': 'group-member-removed',
  '4756': 'group-member-added',
  '4757': 'group-member-removed',
  '4767': 'account-unlocked',
  '4768': 'login',
  '4769': 'service-ticket',
  '4770': 'ticket-renewed',
  '4771': 'login',
  '4776': 'credential-check',
  '4778': 'session-reconnected',
  '4779': 'session-disconnected',
  '4781': 'account-renamed',
  '4800': 'screen-locked',
  '4801': 'screen-unlocked',
}

export const authCodes: readonly string[] = Object.keys(authActions)

export const securityActions: Readonly<Record<string, string>> = {
  ...authActions,
  '1100': 'log-stopped',
  '1102': 'log-cleared',
  '4608': 'system-started',
  '4616': 'clock-changed',
  '4656': 'object-requested',
  '4657': 'registry-value-set',
  '4663': 'object-accessed',
  '4673': 'privilege-used',
  '4688': 'process-started',
  '4689': 'process-ended',
  '4697': 'service-installed',
  '4698': 'task-created',
  '4699': 'task-deleted',
  '4700': 'task-enabled',
  '4701': 'task-disabled',
  '4702': 'task-changed',
  '4719': 'audit-policy-changed',
  '5136': 'directory-object-changed',
  '5140': 'share-accessed',
  '5145': 'share-object-accessed',
  '5156': 'connection',
  '5157': 'connection-blocked',
}

export const sysmonActions: Readonly<Record<string, string>> = {
  '1': 'process-started',
  '2': 'file-time-changed',
  '3': 'connection',
  '4': 'sysmon-state-changed',
  '5': 'process-ended',
  '6': 'driver-loaded',
  '7': 'image-loaded',
  '8': 'thread-injected',
  '9': 'disk-read',
  '10': 'process-accessed',
  '11': 'file-created',
  '12': 'registry-key-changed',
  '13': 'registry-value-set',
  '14': 'registry-renamed',
  '15': 'file-stream-created',
  '16': 'sysmon-configured',
  '17': 'pipe-created',
  '18': 'pipe-connected',
  '19': 'wmi-filter',
  '20': 'wmi-consumer',
  '21': 'wmi-binding',
  '22': 'query',
  '23': 'file-deleted',
  '24': 'clipboard-changed',
  '25': 'process-tampered',
  '26': 'file-deleted',
}

export const otherActions: Readonly<Record<string, string>> = {
  '104': 'log-cleared',
  '4104': 'script-block',
  '7045': 'service-installed',
}

/** NTSTATUS values of failed logons, and Kerberos' result codes (RFC 4120 §7.5.9). */
export const failureReasons: Readonly<Record<string, string>> = {
  '0xc0000064': 'no such user',
  '0xc000006a': 'wrong password',
  '0xc000006d': 'wrong user name or password',
  '0xc000006e': 'account restriction',
  '0xc000006f': 'outside the allowed hours',
  '0xc0000070': 'from a workstation that is not allowed',
  '0xc0000071': 'password expired',
  '0xc0000072': 'account disabled',
  '0xc0000133': 'clocks differ',
  '0xc000015b': 'kind of logon not granted',
  '0xc0000193': 'account expired',
  '0xc0000224': 'password must be changed',
  '0xc0000234': 'account locked',
  '0x6': 'no such user',
  '0x7': 'no such service',
  '0xc': 'from a workstation that is not allowed',
  '0x12': 'account disabled, expired or locked',
  '0x17': 'password expired',
  '0x18': 'wrong password',
  '0x25': 'clocks differ',
}

/** Of the bits that Windows sets in `Keywords`, audit success and audit failure, as tools write them. */
export const auditOutcomes: Readonly<Record<string, string>> = {
  '0x8020000000000000': 'success',
  '0x8010000000000000': 'failure',
  '9232379236109516800': 'success',
  '9227875636482146304': 'failure',
  '-9214364837600034816': 'success',
  '-9218868437227405312': 'failure',
  AUDIT_SUCCESS: 'success',
  AUDIT_FAILURE: 'failure',
  success: 'success',
  failure: 'failure',
  '["Audit Success"]': 'success',
  '["Audit Failure"]': 'failure',
}
