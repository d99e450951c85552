import type { Server } from '../serve/serve.ts'

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
const untilSignal = (): Promise<null> =>
  new Promise((resolve) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130))
      process.once('SIGTERM', () => process.exit(143))
      resolve(null)
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })

/**
 * Closes a server when somebody stops it, or when it can't go on.
 *
 * @param before what is to end before the server does
 * @throws AppError why it can't go on
 */
export const untilStopped = async (
  { lost, close }: Pick<Server, 'lost' | 'close'>,
  before: () => Promise<void>,
): Promise<void> => {
  const problem = await Promise.race([untilSignal(), lost])
  await before()
  await close()
  if (problem !== null) throw problem
}
