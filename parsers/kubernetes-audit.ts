import {
  capture,
  constant,
  defineParser,
  firstOf,
  ip,
  joined,
  json,
  object,
  piece,
  regex,
  rest,
  time,
  variant,
  type ColumnValues,
  type Value,
} from 'winnow'
import { outcomeOfStatus } from './pieces/http.ts'

/** What both forms say, as they name it. */
interface Call {
  readonly uri: Value
  readonly status: Value
  readonly resource: Value
  readonly subresource: Value
  readonly name: Value
}

const callColumns = ({ uri, status, resource, subresource, name }: Call): ColumnValues => ({
  event_provider: constant('kubernetes'),
  event_outcome: outcomeOfStatus(status),
  http_response_status_code: status,
  url_path: piece(uri, '?', 1),
  url_query: rest(uri, '?', 2),
  resource_name: joined([resource, name, subresource], '/'),
})

export default defineParser({
  id: 'kubernetes-audit',
  title: 'Kubernetes audit log',
  category: 'cloud',
  exclusive: true,
  variants: [
    // {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"…","stage":"ResponseComplete","verb":"get","requestURI":"/api/v1/…",…}
    variant(
      json({ require: ['auditID', 'stage', 'verb', ['requestReceivedTimestamp', 'stageTimestamp']] }),
      (part) => ({
        ...callColumns({
          uri: part('requestURI'),
          status: part('responseStatus.code'),
          resource: part('objectRef.resource'),
          subresource: part('objectRef.subresource'),
          name: part('objectRef.name'),
        }),
        // Of a watch, the stages of one call lie minutes apart: each counts when it was reached.
        timestamp: time(firstOf(part('stageTimestamp'), part('requestReceivedTimestamp')), 'iso'),
        event_action: part('verb'),
        event_code: part('stage'),
        event_reason: part('responseStatus.reason'),
        source_ip: ip(capture(part('sourceIPs'), '"([^"]+)"')),
        user_name: part('user.username'),
        user_target_name: part('impersonatedUser.username'),
        user_agent: part('userAgent'),
        orchestrator_namespace: part('objectRef.namespace'),
        other: object({
          audit_id: part('auditID'),
          level: part('level'),
          groups: part('user.groups'),
          api_group: part('objectRef.apiGroup'),
          decision: capture(part('annotations'), '"authorization[.]k8s[.]io/decision": ?"([^"]*)"'),
          forwarded_for: capture(part('sourceIPs'), '^(.*,.*)$'),
        }),
      }),
    ),
    // "{""name"":""master-1""}",2026-03-07T04:05:06.123456Z,system:node:node-1,get,pods,status,web-1,,/api/v1/…,0b2c…,ResponseComplete,200,,,
    // An export of audit events as CSV, without a header.
    variant(
      regex(
        '^"\\{""name"":""(?<cluster>[^"]*)""[^"]*\\}",(?<time>[^,"]*),(?<user>[^,"]*),(?<verb>[a-z]+),(?<resource>[^,"]*),(?<subresource>[^,"]*),(?<name>[^,"]*),[^,"]*,(?:"(?<quoted>[^"]*)"|(?<uri>[^,"]*)),(?<id>[0-9a-f-]{36}),(?<stage>[A-Z][A-Za-z]+),(?<status>[0-9]*)(?:,.*)?$',
        { containing: '"{""name"":""' },
      ),
      (part) => {
        const uri = firstOf(part('quoted'), part('uri'))
        return {
          ...callColumns({
            uri,
            status: part('status'),
            resource: part('resource'),
            subresource: part('subresource'),
            name: part('name'),
          }),
          timestamp: time(part('time'), 'iso'),
          event_action: part('verb'),
          event_code: part('stage'),
          user_name: part('user'),
          host_name: part('cluster'),
          orchestrator_namespace: capture(uri, '/namespaces/([^/?]+)'),
          other: object({ audit_id: part('id') }),
        }
      },
    ),
  ],
})
