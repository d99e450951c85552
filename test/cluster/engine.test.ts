import { afterAll, beforeAll, describe } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { engineSuite } from '../engine/suite.ts'
import { compactSuite } from '../intake/compact-suite.ts'
import { startNodes, type Nodes } from './nodes.ts'

let nodes: Nodes | undefined
const started = (): Nodes => {
  if (nodes === undefined) throw new Error('the nodes are not up')
  return nodes
}

beforeAll(async () => {
  nodes = await startNodes()
})
afterAll(async () => {
  await nodes?.stop()
})

const onCluster = (database: string) => () =>
  openEngine({ kind: 'cluster', urls: started().urls, cluster: started().cluster, database })

describe('on ClickHouse', () => {
  engineSuite('a cluster of three nodes', onCluster('winnow_suite'))

  compactSuite('a cluster of three nodes', onCluster('winnow_segments'))

  engineSuite('a single server', () =>
    openEngine({ kind: 'cluster', urls: started().urls.slice(0, 1), database: 'winnow_single' }),
  )
})
