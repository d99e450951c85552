/**
 * Every parser and envelope, the more specific first: where two claim the same lines of a file, the first one reads it.
 *
 * @module
 */
import type { Envelope, Parser } from 'winnow'
import accounts from './accounts.ts'
import apacheAccess from './apache-access.ts'
import apacheVhost from './apache-vhost.ts'
import iisW3c from './iis-w3c.ts'
import journald from './journald.ts'
import jsonLines from './json-lines.ts'
import logind from './logind.ts'
import nginxJson from './nginx-json.ts'
import pam from './pam.ts'
import squidNative from './squid-native.ts'
import sshd from './sshd.ts'
import su from './su.ts'
import sudo from './sudo.ts'
import syslog from './syslog.ts'
import text from './text.ts'

export const parsers: readonly Parser[] = [
  apacheVhost,
  apacheAccess,
  iisW3c,
  squidNative,
  nginxJson,
  sshd,
  sudo,
  su,
  accounts,
  logind,
  pam,
  jsonLines,
  text,
]

export const envelopes: readonly Envelope[] = [journald, syslog]
