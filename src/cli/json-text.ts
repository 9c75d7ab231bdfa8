import { readFileSync } from 'node:fs'
import { UsageError } from './command.ts'
import { existingFile } from './commands/import.ts'

/** What a text says as JSON; `where` names it to the person who wrote it. Throws UsageError. */
export function jsonText(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What a file says as JSON. */
export function jsonFile(name: string): unknown {
  return jsonText(readFileSync(existingFile(name), 'utf8'), name)
}
