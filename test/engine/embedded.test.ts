import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { engineSuite } from './suite.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-embedded-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

engineSuite('the embedded engine', () => openEngine({ kind: 'embedded', path: folder }))
