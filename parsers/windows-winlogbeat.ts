import { defineParser } from 'winnow'
import { windowsVariants } from './pieces/windows.ts'

// {"@timestamp":"2026-03-07T04:05:06.123Z","event":{"code":4624},"winlog":{"channel":"Security","event_data":{"TargetUserName":"alice",…},…},…}
export default defineParser({
  id: 'windows-winlogbeat',
  title: 'Windows events of Winlogbeat 7 and later',
  category: 'other',
  exclusive: true,
  variants: windowsVariants({
    require: ['@timestamp', 'winlog.event_id', 'winlog.channel'],
    time: ['@timestamp'],
    code: ['winlog.event_id'],
    provider: ['winlog.provider_name'],
    channel: ['winlog.channel'],
    computer: ['winlog.computer_name'],
    level: [],
    audit: ['event.outcome', 'winlog.keywords'],
    record: ['winlog.record_id'],
    account: ['winlog.user.name', 'user.name'],
    data: 'winlog.event_data.',
    clearedBy: ['winlog.user_data.SubjectUserName'],
  }),
})
