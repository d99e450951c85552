/**
 * Schemas that others are put together from. Texts that come in are bounded, and hold no NUL: PostgreSQL refuses it.
 *
 * @module
 */
import { z } from 'zod'
import type { ApiError, Role, Scope, Severity } from '../../api/api.ts'

/** Text of several lines, up to so many UTF-16 units. */
export const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((value) => !value.includes('\0'), 'must not hold a NUL')

/** Text that says something, on one line. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    // C0 and C1 controls: nothing a name is made of, and what a terminal obeys.
    .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters')

/** What the work state calls its rows. */
export const id = z.string().regex(/^[\w:.-]{1,128}$/, 'is not an id')

export const idParams = z.object({ id })

/** ISO 8601, UTC, as answers hold it. */
export const time = z.string()

/** A moment with its zone, as requests hold it; made ISO 8601, UTC. */
export const moment = z
  .string()
  .max(40)
  .refine((value) => /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)), 'is not a time')
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()))

/** Several values between commas. */
export const listOf = <const V extends string>(values: readonly [V, ...V[]]) =>
  z
    .string()
    .max(400)
    .transform((value) => value.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(values)).max(20))

export const limit = (usual: number, most: number) => z.coerce.number().int().min(1).max(most).default(usual)

export const cursor = z.string().max(400)

export const role: z.ZodType<Role> = z.enum(['administrator', 'analyst', 'viewer'])
export const scope: z.ZodType<Scope> = z.enum(['read', 'write', 'ingest', 'admin'])
export const severity: z.ZodType<Severity> = z.enum(['low', 'medium', 'high', 'critical'])
export const named = z.object({ id: z.string(), name: z.string() })
export const kindValue = z.object({ kind: z.string(), value: z.string() })

/** A list as answers hold it. */
export const many = <T>(item: z.ZodType<T>): z.ZodType<readonly T[]> => z.array(item)

/** An answer without content. */
export const nothing = z.null()

export const apiError: z.ZodType<ApiError> = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .register(z.globalRegistry, { id: 'Error', description: 'What every refusal looks like' })
