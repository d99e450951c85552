/**
 * What every engine promises, tested on a real one. The tests of a suite share one engine.
 *
 * @module
 */
import { afterAll, beforeAll, describe } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { lifeTests } from './suite-life.ts'
import { limitTests } from './suite-limits.ts'
import { loadTests } from './suite-loads.ts'
import { valueTests } from './suite-values.ts'

export const engineSuite = (name: string, open: () => Promise<Engine>): void => {
  describe(`on ${name}`, () => {
    let opened: Engine | undefined
    const engine = (): Engine => {
      if (opened === undefined) throw new Error('the engine is not open')
      return opened
    }
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(async () => {
      await opened?.close()
    })
    valueTests(engine)
    lifeTests(engine)
    loadTests(engine)
    limitTests(engine)
  })
}
