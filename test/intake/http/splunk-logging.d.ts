/** Splunk's client comes without types: what is used of it. */
declare module 'splunk-logging' {
  export class Logger {
    constructor(config: Readonly<Record<string, unknown>>)
    send(event: object, done: (error: unknown, response: unknown, body: unknown) => void): void
  }
}
