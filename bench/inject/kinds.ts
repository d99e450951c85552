/**
 * Every attack kind, in the order in which they are told.
 *
 * @module
 */
import { alertAttacks } from './alerts.ts'
import type { AttackKind } from './attack-kind.ts'
import { loginAttacks } from './logins.ts'
import { networkAttacks } from './network.ts'
import { webAttacks } from './web.ts'

export const attackKinds: readonly AttackKind[] = [
  ...webAttacks,
  ...loginAttacks,
  ...networkAttacks,
  ...alertAttacks,
]
