import {
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isLike,
  isOneOf,
  isPresent,
  json,
  lookup,
  lower,
  object,
  once,
  time,
  when,
  type Value,
} from 'winnow'
import { targetColumns } from './pieces/http.ts'
import { listed } from './pieces/json.ts'

type Part = (name: string) => Value

/** What decoders call it, and what the modules that read JSON and Windows events do. */
const data =
  (part: Part) =>
  (...names: readonly string[]): Value =>
    firstOf(...names.map((name) => part(`data.${name}`)))

/** Logs that other machines send are read by the manager's own agent, 000: the machine is in the line. */
const hostOf = (part: Part): Value =>
  when(
    isOneOf(part('agent.id'), '000'),
    firstOf(part('predecoder.hostname'), part('agent.name'), part('manager.name')),
    firstOf(part('agent.name'), part('predecoder.hostname')),
  )

/** The rules of logins say in their groups how they went. */
const outcomeOf = (groups: Value): Value =>
  when(
    isLike(groups, 'authentication_fail|invalid_login|access_denied'),
    constant('failure'),
    when(isLike(groups, 'authentication_success'), constant('success'), constant('unknown')),
  )

// {"timestamp":"2026-03-07T04:05:06.123+0000","rule":{"level":5,"description":"sshd: authentication failed.","id":"5760","mitre":{"id":["T1110"],"tactic":["Credential Access"],"technique":["Brute Force"]},"firedtimes":1,"groups":["syslog","sshd"]},"agent":{"id":"001","name":"web-1","ip":"192.0.2.80"},"manager":{"name":"wazuh"},"decoder":{"name":"sshd"},"data":{"srcip":"198.51.100.66","srcport":"40022","srcuser":"root"},"location":"/var/log/auth.log"}
export default defineParser({
  id: 'wazuh',
  title: 'Wazuh alerts (alerts.json)',
  category: 'alert',
  line: json({
    require: [
      ['timestamp', '@timestamp'],
      'rule.level',
      'rule.id',
      ['agent.id', 'agent.name', 'manager.name'],
    ],
  }),
  columns: (part) => {
    const field = data(part)
    const groups = once(listed(part('rule.groups')))
    const { url_original, url_domain, url_path, url_query } = targetColumns(once(field('url', 'http.url')))
    return {
      timestamp: time(firstOf(part('timestamp'), part('@timestamp')), 'iso'),
      event_action: lower(firstOf(field('action', 'alert.action'), part('syscheck.event'))),
      event_outcome: outcomeOf(groups),
      event_code: part('rule.id'),
      event_severity: integer(part('rule.level')),
      event_provider: constant('Wazuh'),
      source_ip: ip(field('srcip', 'src_ip', 'win.eventdata.ipAddress', 'aws.sourceIPAddress')),
      source_port: field('srcport', 'src_port', 'win.eventdata.ipPort'),
      destination_ip: ip(field('dstip', 'dest_ip', 'win.eventdata.destinationIp')),
      destination_port: field('dstport', 'dest_port', 'win.eventdata.destinationPort'),
      network_protocol: lower(field('app_proto')),
      network_transport: lower(field('proto')),
      user_name: field(
        'srcuser',
        'dstuser',
        'win.eventdata.targetUserName',
        'win.eventdata.subjectUserName',
        'audit.auid',
      ),
      user_domain: field('win.eventdata.targetDomainName', 'win.eventdata.subjectDomainName'),
      user_target_name: when(isPresent(field('srcuser')), field('dstuser'), constant('')),
      host_name: hostOf(part),
      host_ip: ip(part('agent.ip')),
      process_name: part('predecoder.program_name'),
      process_command_line: field('command', 'win.eventdata.commandLine', 'audit.command'),
      process_executable: field('win.eventdata.image', 'win.eventdata.newProcessName', 'audit.exe'),
      process_parent_executable: field('win.eventdata.parentImage', 'win.eventdata.parentProcessName'),
      // Of access logs, the decoder's `protocol` is the method and its `id` the status.
      http_request_method: lookup(
        field('protocol'),
        { GET: 'GET', POST: 'POST', HEAD: 'HEAD', PUT: 'PUT', DELETE: 'DELETE', OPTIONS: 'OPTIONS' },
        constant(''),
      ),
      http_response_status_code: integer(
        when(isLike(part('decoder.name'), '^web-accesslog'), field('id'), constant('')),
      ),
      url_original,
      url_domain,
      url_path,
      url_query,
      file_path: firstOf(part('syscheck.path'), field('win.eventdata.targetFilename')),
      rule_id: part('rule.id'),
      rule_name: firstOf(part('rule.description'), part('rule.id')),
      rule_category: groups,
      other: object({
        mitre_id: listed(part('rule.mitre.id')),
        mitre_tactic: listed(part('rule.mitre.tactic')),
        mitre_technique: listed(part('rule.mitre.technique')),
        signature_id: field('alert.signature_id'),
        decoder: part('decoder.name'),
        location: part('location'),
        manager: part('manager.name'),
        agent: part('agent.id'),
      }),
    }
  },
})
