import { ORPCError } from '@orpc/client'
import { isRecord } from '#engine/core/plain-values.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import { RefusalError } from '#engine/core/refusal.ts'

/** A refusal on its way to a client, with its HTTP status. */
export interface WireRefusal {
  readonly status: number
  readonly error: Refusal
}

/** The body of every answer that is not a success: `{ error: { code, message, remedy, values } }`. */
export function wireRefusal(error: unknown): WireRefusal {
  if (error instanceof RefusalError) return { status: 409, error: error.refusal }
  if (!(error instanceof ORPCError)) return bug()
  if (isRefusalCode(error.code)) return { status: error.status, error: refusalIn(error.code, error.message, error.data) }
  switch (error.code) {
    case 'BAD_REQUEST': return { status: 400, error: inputRefusal(error.data) }
    case 'NOT_FOUND': return { status: 404, error: notFound() }
    case 'PAYLOAD_TOO_LARGE': return { status: 413, error: tooLarge() }
    case 'CLIENT_CLOSED_REQUEST': return { status: 499, error: { code: 'KS-HTTP-CLOSED', message: 'The caller left before the answer.', remedy: 'Ask again.' } }
    default: return bug()
  }
}

/** A refusal as the contract carries it (in a job, in an answer), as one of the engine's own again. */
export function refusalFrom(
  shape: { readonly code: string; readonly message: string; readonly remedy: string; readonly values?: Refusal['values'] | undefined },
): Refusal {
  const { code, message, remedy, values } = shape
  return { code: isRefusalCode(code) ? code : 'KS-BUG', message, remedy, ...(values === undefined ? {} : { values }) }
}

export function notFound(): Refusal {
  return { code: 'KS-HTTP-NOT-FOUND', message: 'There is no such command or query.', remedy: 'See /openapi.json for those that there are.' }
}

export function onlyPost(): Refusal {
  return { code: 'KS-HTTP-METHOD', message: 'Commands, queries and streams are asked for with POST.', remedy: 'Send the input as JSON in the body of a POST.' }
}

export function tooLarge(): Refusal {
  return { code: 'KS-HTTP-TOO-LARGE', message: 'The request is too large.', remedy: 'Send fewer items at once; hand in large files as an import.' }
}

function bug(): WireRefusal {
  return {
    status: 500,
    error: { code: 'KS-BUG', message: 'Something in Keelson failed. Nothing was acknowledged.', remedy: 'Try again. If it stays, send the log of this time to support.' },
  }
}

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[]
  readonly message: string
}

function inputRefusal(data: unknown): Refusal {
  const issues = isRecord(data) && Array.isArray(data['issues']) ? data['issues'] as Issue[] : []
  const found = issues.slice(0, 20).map(issue => {
    const path = (issue.path ?? []).map(part => String(typeof part === 'object' ? part.key : part)).join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  return {
    code: 'KS-HTTP-INPUT', message: found.length === 0 ? 'The input could not be read.' : `The input does not fit: ${found.join('; ')}.`,
    remedy: 'Correct the input; /openapi.json describes it.', values: { issues: issues.length },
  }
}

function refusalIn(code: `KS-${string}`, message: string, data: unknown): Refusal {
  const remedy = isRecord(data) && typeof data['remedy'] === 'string' ? data['remedy'] : ''
  const values = isRecord(data) && isRecord(data['values']) ? { values: data['values'] as NonNullable<Refusal['values']> } : {}
  return { code, message, remedy, ...values }
}

function isRefusalCode(code: string): code is `KS-${string}` {
  return code.startsWith('KS-')
}
