import type { Role } from '../../../src/api/api.ts'
import { capitalised } from '../../lib/format.ts'

const roles: readonly Role[] = ['viewer', 'analyst', 'administrator']

/** As a list to choose from takes them. */
export const roleData = roles.map((role) => ({ value: role, label: capitalised(role) }))

export const roleOf = (text: string): Role => roles.find((role) => role === text) ?? 'viewer'
