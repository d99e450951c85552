import type { ClusterOptions } from './cluster.ts'
import type { EmbeddedOptions } from './embedded.ts'
import type { Engine } from './engine.ts'

export type EngineConfig =
  | ({ readonly kind: 'embedded' } & EmbeddedOptions)
  | ({ readonly kind: 'cluster' } & ClusterOptions)

/**
 * Opens the engine a configuration asks for. Only that one is loaded: the other costs 260 MB or a network library.
 *
 * @throws AppError `data-folder-in-use` or `data-folder-unusable` for a folder, `engine-unreachable` for a server.
 */
export const openEngine = async (config: EngineConfig): Promise<Engine> => {
  if (config.kind === 'embedded') {
    const { openEmbedded } = await import('./embedded.ts')
    return openEmbedded(config)
  }
  const { openCluster } = await import('./cluster.ts')
  return openCluster(config)
}
