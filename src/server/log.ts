import { destination, pino, stdTimeFunctions } from 'pino'
import type { Invocation } from '#engine/core/invocation.ts'
import type { EngineLog } from '#engine/engine.ts'
import { redact } from './redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogOptions {
  readonly level: LogLevel
  /** A file, made with its folder; standard error where null. */
  readonly file: string | null
  readonly version: string
}

export interface ProcessLog extends EngineLog {
  /** Writes out what is still held back. */
  flush(): void
}

/**
 * The log of a process: one JSON line an entry. `invocation` among the fields becomes its ids; personal fields are
 * replaced before anything is written.
 */
export function processLog({ level, file, version }: LogOptions): ProcessLog {
  const out = destination(file === null ? { fd: 2, sync: true } : { dest: file, mkdir: true, sync: true, append: true })
  const logger = pino({
    level,
    base: { pid: process.pid, version },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
  }, out)
  return {
    info: (fields, message) => logger.info(entry(fields), message),
    warn: (fields, message) => logger.warn(entry(fields), message),
    error: (fields, message) => logger.error(entry(fields), message),
    flush: () => out.flushSync(),
  }
}

/** What is written of the fields that a caller gave. */
export function entry(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { invocation, ...rest } = fields
  const context = isInvocation(invocation) ? { invocation: contextOf(invocation) } : {}
  return { ...context, ...redact(rest) as Record<string, unknown> }
}

function contextOf(invocation: Invocation): Record<string, unknown> {
  const { id, correlationId, parentId, tenant, actor, site } = invocation
  return { id, correlationId, parentId, tenant, actor: actor.id, method: actor.method, site }
}

function isInvocation(value: unknown): value is Invocation {
  return typeof value === 'object' && value !== null && 'correlationId' in value && 'actor' in value
}
