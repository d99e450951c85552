/**
 * One message to one channel.
 *
 * @module
 */
import os from 'node:os'
import { AppError, messageOf } from '../errors.ts'
import type { Channel } from '../api/api.ts'
import type { Bulletin } from './bulletin.ts'
import type { Destination } from './channel-settings.ts'
import { NotSent } from './failure.ts'
import { composeMail } from './mail.ts'
import { sendMail } from './send-mail.ts'
import { sendSyslog } from './send-syslog.ts'
import { postWeb, type WebAnswer } from './send-web.ts'
import { slackMessage } from './slack.ts'
import { syslogLines } from './syslog-lines.ts'
import { webhookHeaders, webhookPayload } from './webhook.ts'

/** Incidents that one message tells: people read few, machines many. Chats take ten attachments. */
export const mostTold: Readonly<Record<Channel['kind'], number>> = {
  email: 20,
  slack: 9,
  webhook: 50,
  syslog: 1000,
}

const timeoutMs = 20_000

const accepted = ({ status }: WebAnswer): boolean => status >= 200 && status <= 299

/** Slack says what is wrong in a word: `channel_is_archived`. Other answers are not repeated: they may come from anywhere. */
const wordOf = ({ text }: WebAnswer): string => (/^[a-z_]{3,60}$/.test(text.trim()) ? ` ${text.trim()}` : '')

/** @throws NotSent */
export const deliver = async (to: Destination, bulletin: Bulletin, signal: AbortSignal): Promise<void> => {
  switch (to.kind) {
    case 'email':
      return sendMail({ ...to, timeoutMs }, to, composeMail(bulletin), bulletin, signal)
    case 'slack': {
      const body = JSON.stringify(slackMessage(bulletin))
      const answer = await postWeb({ ...to, body, headers: {}, timeoutMs }, signal)
      if (!accepted(answer)) throw new NotSent(`it answered ${answer.status}${wordOf(answer)}`)
      return
    }
    case 'webhook': {
      const body = JSON.stringify(webhookPayload(bulletin))
      const headers = {
        ...webhookHeaders(bulletin, body, to.secret),
        ...(to.authorization === undefined ? {} : { authorization: to.authorization }),
      }
      const answer = await postWeb({ ...to, body, headers, timeoutMs }, signal)
      if (!accepted(answer)) throw new NotSent(`it answered ${answer.status}`)
      return
    }
    case 'syslog':
      return sendSyslog({ ...to, timeoutMs }, syslogLines(bulletin, { ...to, host: os.hostname() }), signal)
  }
}

/** What went wrong, for people; what nobody foresaw is not told to them. */
export const problemOf = (error: unknown): string =>
  error instanceof NotSent || error instanceof AppError ? messageOf(error) : 'it failed'
