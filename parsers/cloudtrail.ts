import {
  anyOf,
  capture,
  constant,
  defineParser,
  firstOf,
  ip,
  isNot,
  isOneOf,
  isPresent,
  joined,
  json,
  lookup,
  object,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Test,
  type Value,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'

type Part = (name: string) => Value

const none = constant('')

const line = json({ require: ['eventTime', 'eventSource', 'eventName', 'eventVersion'] })

const isSignIn = (part: Part): Test =>
  anyOf(
    isOneOf(part('eventSource'), 'signin.amazonaws.com'),
    isOneOf(part('eventName'), 'ConsoleLogin', 'UserAuthentication', 'CredentialVerification'),
  )

/** What calls name as the thing they are about, by what it is: the first that is there counts. */
const subjects: readonly (readonly [kind: string, parameter: string])[] = [
  ['bucket', 'bucketName'],
  ['instance', 'instanceId'],
  ['function', 'functionName'],
  ['secret', 'secretId'],
  ['access-key', 'accessKeyId'],
  ['role', 'roleName'],
  ['role', 'roleArn'],
  ['user', 'userName'],
  ['group', 'groupName'],
  ['policy', 'policyArn'],
  ['security-group', 'groupId'],
  ['snapshot', 'snapshotId'],
  ['key', 'keyId'],
  ['table', 'tableName'],
  ['database', 'dBInstanceIdentifier'],
  ['database-snapshot', 'dBSnapshotIdentifier'],
  ['log-group', 'logGroupName'],
  ['document', 'documentName'],
  ['model', 'modelId'],
  ['stack', 'stackName'],
  ['repository', 'repositoryName'],
  ['cluster', 'clusterName'],
  ['image', 'imageId'],
  ['volume', 'volumeId'],
  ['vpc', 'vpcId'],
  ['trail', 'trailName'],
  ['target', 'target'],
  ['name', 'name'],
]

const named = (kind: string, name: Value): Value =>
  when(isPresent(name), joined([constant(kind), name], '/'), none)

const resource = (part: Part): Value => {
  const parameter = (name: string): Value => part(`requestParameters.${name}`)
  const [bucket, ...others] = subjects.map(([kind, name]) => named(kind, parameter(name)))
  return firstOf(
    joined([bucket ?? none, when(isPresent(parameter('bucketName')), parameter('key'), none)], '/'),
    ...others,
    named('instance', capture(parameter('instancesSet'), '"instanceId": ?"([^"]+)"')),
    named('instance', capture(parameter('instanceIds'), '"([^"]+)"')),
    named('parameter', capture(parameter('names'), '"([^"]+)"')),
    capture(part('resources'), '"ARN": ?"([^"]+)"'),
  )
}

/** An IAM user's name, role/session, `root`, or the service that acts by itself. */
const user = (part: Part): Value => {
  const who = (name: string): Value => part(`userIdentity.${name}`)
  return firstOf(
    when(isOneOf(who('type'), 'Root'), constant('root'), none),
    // CloudTrail hides what was typed in place of a user that does not exist.
    text(who('userName'), { absent: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
    capture(who('arn'), ':(?:assumed-role|federated-user|user)/(.+)$'),
    who('invokedBy'),
    who('onBehalfOf.userId'),
    who('principalId'),
    when(isOneOf(who('type'), 'AWSAccount'), who('accountId'), none),
  )
}

const common = (part: Part): ColumnValues => {
  const address = part('sourceIPAddress')
  return {
    timestamp: time(part('eventTime'), 'iso'),
    event_action: part('eventName'),
    event_outcome: when(
      anyOf(isPresent(part('errorCode')), isPresent(part('errorMessage'))),
      constant('failure'),
      constant('success'),
    ),
    event_reason: firstOf(part('errorCode'), part('errorMessage')),
    event_provider: part('eventSource'),
    source_ip: ip(address),
    source_domain: nameNotAddress(address),
    user_name: user(part),
    user_domain: part('userIdentity.accountId'),
    user_target_name: firstOf(
      part('requestParameters.userName'),
      capture(part('requestParameters.roleArn'), '([^/]+)$'),
    ),
    user_agent: part('userAgent'),
    cloud_account_id: firstOf(part('recipientAccountId'), part('userIdentity.accountId')),
    cloud_region: part('awsRegion'),
    resource_name: resource(part),
    other: object({
      event_id: part('eventID'),
      event_type: part('eventType'),
      read_only: part('readOnly'),
      identity: part('userIdentity.type'),
      role: part('userIdentity.sessionContext.sessionIssuer.userName'),
      access_key_id: part('userIdentity.accessKeyId'),
      mfa: firstOf(
        lookup(part('additionalEventData.MFAUsed'), { Yes: 'true', No: 'false' }),
        part('userIdentity.sessionContext.attributes.mfaAuthenticated'),
      ),
      // What follows is a cipher of thousands of letters.
      error: capture(part('errorMessage'), '^(.*?)(?: Encoded authorization failure message: .*)?$'),
      vpc_endpoint: part('vpcEndpointId'),
    }),
  }
}

// {"eventVersion":"1.08","eventTime":"2026-03-07T04:05:06Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser",…}
export default defineParser({
  id: 'cloudtrail',
  title: 'AWS CloudTrail',
  category: 'cloud',
  exclusive: true,
  variants: [
    variant(
      line,
      (part) => {
        const isLogin = isOneOf(part('eventName'), 'ConsoleLogin')
        const columns = common(part)
        return {
          ...columns,
          event_action: lookup(part('eventName'), { ConsoleLogin: 'login' }),
          event_code: part('eventName'),
          event_outcome: when(
            isLogin,
            lookup(
              part('responseElements.ConsoleLogin'),
              { Success: 'success', Failure: 'failure' },
              constant('unknown'),
            ),
            columns.event_outcome ?? none,
          ),
        }
      },
      isSignIn,
      'auth',
    ),
    variant(line, common, (part) => isNot(isSignIn(part))),
  ],
})
