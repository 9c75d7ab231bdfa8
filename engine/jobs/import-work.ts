import { join } from 'node:path'
import type { ImportProgress } from '#engine/commands/index.ts'
import { fileSource, rejectsFormat } from '#engine/imports/index.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { ImportFiles } from './import-files.ts'
import { runImport, type ImportInput } from './import-job.ts'
import type { JobWork } from './job-runner.ts'

interface ImportPorts {
  readonly tenant: string
  readonly files: ImportFiles
  readonly reader: ReaderPool
  readonly writer: WriterClient
  /** Resolves when nothing of the tenant can be moved on by itself. */
  settled(): Promise<void>
}

/** Imports as jobs: a file to orders, and until those are decided. */
export function importWork({ tenant, files, reader, writer, settled }: ImportPorts): JobWork {
  return {
    begin(row, { invocation, signal, tell }) {
      const input = JSON.parse(row.input) as ImportInput
      let progress = JSON.parse(row.progress) as ImportProgress
      let phase: 'reading' | 'deciding' = 'reading'
      const decide = async (): Promise<void> => {
        phase = 'deciding'
        tell()
        await settled()
      }
      return {
        fault: {
          code: 'KS-BUG', message: 'The import met a fault of Keelson.', remedy: 'What was taken in so far stays. Import the file again; if it fails again, send the log.',
        },
        async run() {
          progress = await runImport({
            tenant, jobId: row.id, input, progress, invocation, writer, signal,
            onProgress: now => {
              progress = now
              tell()
            },
          })
          await decide()
        },
        cancelled: decide,
        async end() {
          if (progress.rejectsWritten > 0) {
            await files.write(row.id, input.rejectsName, rejectsText(input, after => reader.read(tenant, 'rejects', { jobId: row.id, after, limit: 5000 }, 'bulk')))
          }
          return { result: {}, event: { type: 'keelson.import.finished.v1', data: { file: input.file.name, digest: input.digest, counts: progress.counts } } }
        },
        live(seconds) {
          const { counts, bytesRead, bytesTotal } = progress
          const fraction = bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null
          return {
            rejectsFile: null, counts, phase, ratePerSecond: Math.round(counts.lines.read / seconds), fraction: phase === 'deciding' ? null : fraction,
            secondsLeft: phase === 'deciding' || fraction === null || fraction === 0 ? null : Math.ceil(seconds * (1 - fraction) / fraction),
          }
        },
      }
    },
    complete: view => ({ ...view, rejectsFile: view.rejectsFile === null || view.state === 'running' ? null : join(files.jobFolder(view.id), view.rejectsFile) }),
  }
}

interface RejectPage {
  readonly rows: readonly { readonly ordinal: number; readonly rows: string; readonly codes: readonly string[]; readonly message: string; readonly original: string }[]
}

/** The rejects as a file in the form of what was imported, so that they can be mended and imported again. */
async function* rejectsText(input: ImportInput, page: (after: number) => Promise<RejectPage>): AsyncGenerator<string> {
  const format = await rejectsFormat(await fileSource(input.file.path, input.file.name), input.mapping)
  yield format.head
  let after = 0
  for (;;) {
    const { rows } = await page(after)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(r => format.line({ row: r.rows, codes: r.codes, reasons: [r.message], original: r.original })).join('')
    after = last.ordinal
  }
}
