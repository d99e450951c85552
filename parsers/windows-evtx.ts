import { defineParser } from 'winnow'
import { windowsVariants } from './pieces/windows.ts'

// {"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,…},"EventData":{…}}}
export default defineParser({
  id: 'windows-evtx',
  title: 'Windows events, taken from .evtx files as JSON',
  category: 'other',
  exclusive: true,
  variants: windowsVariants({
    require: ['Event.System.EventID'],
    time: [
      'Event.System.TimeCreated.#attributes.SystemTime',
      'Event.System.TimeCreated_attributes.SystemTime',
      'Event.System.TimeCreated.SystemTime',
    ],
    code: ['Event.System.EventID', 'Event.System.EventID.#text'],
    provider: [
      'Event.System.Provider.#attributes.Name',
      'Event.System.Provider_attributes.Name',
      'Event.System.Provider.Name',
    ],
    channel: ['Event.System.Channel'],
    computer: ['Event.System.Computer'],
    level: ['Event.System.Level'],
    audit: ['Event.System.Keywords'],
    record: ['Event.System.EventRecordID'],
    account: [],
    data: 'Event.EventData.',
    clearedBy: ['Event.UserData.LogFileCleared.SubjectUserName'],
  }),
})
