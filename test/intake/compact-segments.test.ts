import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { compactSuite } from './compact-suite.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-compact-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

compactSuite('the embedded engine', () => openEngine({ kind: 'embedded', path: path.join(folder, 'data') }))
