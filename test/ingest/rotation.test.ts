import { describe, expect, it } from 'vitest'
import { logOf } from '../../src/ingest/rotation.ts'

describe('the log of a file', () => {
  it.each([
    ['/var/log/access.log', '/var/log/access.log'],
    ['./access.log', './access.log'],
    ['-', '-'],
    ['/var/log/access.log.3.gz', '/var/log/access.log'],
    ['/var/log/access.log-20260131', '/var/log/access.log'],
    ['logs/access-2026-01-31.log', 'logs/access.log'],
    ['logs/access.1.log', 'logs/access.log'],
  ])('%s is a generation of %s', (file, log) => {
    expect(logOf(file)).toBe(log)
  })
})
