import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, useEngineQuery, type QueryOutput } from '../app/queries.ts'
import { LoadingLines } from './loading.tsx'
import { ErrorState, RefusalAlert } from './refusal.tsx'
import { bytesOfBase64, saveFile } from './save-file.ts'
import { Code } from './values.tsx'
import classes from './table.module.css'

export type Reject = QueryOutput<'job-rejects'>['rows'][number]

/** Refused rows, each with every reason and what stood in the file. */
export function RejectsTable({ rows, caption }: { rows: readonly Reject[]; caption: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={classes['scroll']}>
      <table className={classes['table']}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t('jobs:rejects.row')}</th>
            <th scope="col">{t('jobs:rejects.why')}</th>
            <th scope="col">{t('jobs:rejects.original')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((reject, index) => (
            <tr key={`${reject.row} ${index}`}>
              <td className="num"><bdi>{reject.row}</bdi></td>
              <td>
                {reject.codes.map(code => (
                  <div key={code}>{t(`import:reason.${code}`, { defaultValue: reject.message })} <Code quiet>{code}</Code></div>
                ))}
              </td>
              {/* Long originals scroll inside their cell, also by keyboard. */}
              <td><bdi dir="ltr" className={`code ${classes['original'] ?? ''}`} tabIndex={0} role="group" aria-label={t('jobs:rejects.originalOf', { row: reject.row })}>{reject.original}</bdi></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The first rejects of a finished import, and its rejects file to mend and hand in again. */
export function JobRejects({ tenant, jobId }: { tenant: string; jobId: string }): ReactNode {
  const { t } = useTranslation()
  const rejects = useEngineQuery('job-rejects', { tenant, jobId, limit: 50 })
  if (rejects.data === undefined) {
    return rejects.error === null ? <LoadingLines lines={4} /> : <ErrorState error={rejects.error} onRetry={() => { void rejects.refetch() }} />
  }
  const { rows, total, fileName } = rejects.data
  if (total === 0) return <p className="dim">{t('jobs:rejects.none')}</p>
  return (
    <>
      {fileName !== null && <DownloadRejects tenant={tenant} jobId={jobId} total={total} />}
      <RejectsTable rows={rows} caption={t(rows.length >= total ? 'jobs:rejects.all' : 'jobs:rejects.first', { shown: rows.length, count: total })} />
    </>
  )
}

function DownloadRejects({ tenant, jobId, total }: { tenant: string; jobId: string; total: number }): ReactNode {
  const { t } = useTranslation()
  const [working, setWorking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const download = async (): Promise<void> => {
    setWorking(true)
    setError(null)
    try {
      const parts: Uint8Array<ArrayBuffer>[] = []
      let name = ''
      for (let offset: number | null = 0; offset !== null;) {
        const part: QueryOutput<'job-rejects-file'> = await ask('job-rejects-file', { tenant, jobId, offset })
        name = part.fileName
        parts.push(bytesOfBase64(part.data))
        offset = part.nextOffset
      }
      saveFile(name, parts, name.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson')
    } catch (caught) {
      setError(caught)
    } finally {
      setWorking(false)
    }
  }
  return (
    <div style={{ marginBlockEnd: 'var(--mantine-spacing-md)' }}>
      <Button variant="default" loading={working} onClick={() => { void download() }}>{t('jobs:rejects.download', { count: total })}</Button>
      <RefusalAlert error={error} />
    </div>
  )
}
