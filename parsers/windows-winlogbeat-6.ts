import { defineParser } from 'winnow'
import { windowsVariants } from './pieces/windows.ts'

// {"@timestamp":"2026-03-07T04:05:06.123Z","event_id":4624,"log_name":"Security","source_name":"…","event_data":{"TargetUserName":"alice",…},…}
export default defineParser({
  id: 'windows-winlogbeat-6',
  title: 'Windows events of Winlogbeat up to version 6',
  category: 'other',
  exclusive: true,
  variants: windowsVariants({
    require: ['@timestamp', 'event_id', 'log_name', 'source_name'],
    time: ['@timestamp'],
    code: ['event_id'],
    provider: ['source_name'],
    channel: ['log_name'],
    computer: ['computer_name'],
    level: [],
    audit: ['keywords'],
    record: ['record_number'],
    account: ['user.name'],
    data: 'event_data.',
    clearedBy: ['user_data.SubjectUserName'],
  }),
})
