import { defineParser } from 'winnow'
import { windowsVariants } from './pieces/windows.ts'

// {"EventTime":"2026-03-07 04:05:06","Hostname":"web1.example.com","EventID":4624,"Channel":"Security","TargetUserName":"alice",…}
export default defineParser({
  id: 'windows-flat',
  title: 'Windows events of NXLog and others that keep all names side by side',
  category: 'other',
  exclusive: true,
  variants: windowsVariants({
    require: [
      ['EventID', 'EventId', 'event_id'],
      ['Channel', 'SourceName', 'ProviderName', 'Provider', 'LogName'],
      ['Hostname', 'Computer', 'MachineName', 'ComputerName', 'host'],
    ],
    time: ['EventTime', 'TimeCreated', 'SystemTime', 'TimeGenerated', '@timestamp', 'timestamp', 'UtcTime'],
    code: ['EventID', 'EventId', 'event_id'],
    provider: ['SourceName', 'ProviderName', 'Provider'],
    channel: ['Channel', 'LogName'],
    computer: ['Hostname', 'Computer', 'MachineName', 'ComputerName', 'host'],
    level: [],
    audit: ['EventType', 'Keywords', 'KeywordsDisplayNames'],
    record: ['RecordNumber', 'EventRecordID', 'RecordId'],
    account: ['AccountName'],
    data: '',
    clearedBy: [],
  }),
})
