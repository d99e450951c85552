/**
 * Every parser and envelope, the more specific first: where two claim the same lines of a file, the first one reads it.
 *
 * @module
 */
import type { Envelope, Parser } from 'winnow'
import accounts from './accounts.ts'
import apacheAccess from './apache-access.ts'
import apacheVhost from './apache-vhost.ts'
import bind from './bind.ts'
import cef from './cef.ts'
import ciscoAsa from './cisco-asa.ts'
import cloudtrail from './cloudtrail.ts'
import dnsJson from './dns-json.ts'
import dnsmasq from './dnsmasq.ts'
import filterlog from './filterlog.ts'
import fortigate from './fortigate.ts'
import iisW3c from './iis-w3c.ts'
import journald from './journald.ts'
import jsonLines from './json-lines.ts'
import kubernetesAudit from './kubernetes-audit.ts'
import leef from './leef.ts'
import logind from './logind.ts'
import netfilter from './netfilter.ts'
import nginxJson from './nginx-json.ts'
import otlpMetrics from './otlp-metrics.ts'
import paloAlto from './palo-alto.ts'
import pam from './pam.ts'
import shipped from './shipped.ts'
import squidCombined from './squid-combined.ts'
import squidNative from './squid-native.ts'
import sshd from './sshd.ts'
import su from './su.ts'
import sudo from './sudo.ts'
import suricata from './suricata.ts'
import suricataFast from './suricata-fast.ts'
import syslog from './syslog.ts'
import text from './text.ts'
import unbound from './unbound.ts'
import vpcFlow from './vpc-flow.ts'
import wazuh from './wazuh.ts'
import windowsEvtx from './windows-evtx.ts'
import windowsFlat from './windows-flat.ts'
import windowsWinlogbeat6 from './windows-winlogbeat-6.ts'
import windowsWinlogbeat from './windows-winlogbeat.ts'
import zeekJson from './zeek-json.ts'
import zeekTsv from './zeek-tsv.ts'

export const parsers: readonly Parser[] = [
  squidCombined,
  apacheVhost,
  apacheAccess,
  iisW3c,
  squidNative,
  zeekTsv,
  zeekJson,
  nginxJson,
  cloudtrail,
  kubernetesAudit,
  windowsWinlogbeat,
  windowsWinlogbeat6,
  windowsEvtx,
  windowsFlat,
  bind,
  unbound,
  dnsmasq,
  suricata,
  suricataFast,
  wazuh,
  dnsJson,
  otlpMetrics,
  fortigate,
  paloAlto,
  ciscoAsa,
  cef,
  leef,
  netfilter,
  filterlog,
  vpcFlow,
  sshd,
  sudo,
  su,
  accounts,
  logind,
  pam,
  jsonLines,
  text,
]

export const envelopes: readonly Envelope[] = [journald, syslog, shipped]
