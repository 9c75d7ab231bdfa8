import type { TFunction } from 'i18next'
import { minorToDecimal } from '../../app/format.ts'
import { ask, type QueryOutput } from '../../app/queries.ts'
import { csvOf, saveFile } from '../../components/save-file.ts'
import type { Job } from '../../components/use-job.ts'

const PAGE = 1000

/** Every changed order as a file, one difference a row. */
export async function saveImpact(tenant: string, job: Job, { summary }: QueryOutput<'impact-result'>, t: TFunction): Promise<void> {
  const rows: (string | number)[][] = [[
    t('impact:changes.order'), t('impact:changes.account'), t('impact:changes.currency'), t('impact:changes.before'), t('impact:changes.after'), t('impact:changes.kind'), t('impact:changes.field'), t('impact:changes.was'), t('impact:changes.would'),
  ]]
  for (let after: string | null = null; ;) {
    const page: QueryOutput<'impact-changes'> = await ask('impact-changes', { tenant, runId: job.id, sort: 'order', after, limit: PAGE })
    for (const { reference, account, currency, exponent, beforeMinor, afterMinor, differences } of page.rows) {
      const amount = (minor: number | null): string => (minor === null || exponent === null ? '' : minorToDecimal(minor, exponent))
      for (const { kind, field, before, after: now } of differences) rows.push([reference, account, currency ?? '', amount(beforeMinor), amount(afterMinor), t(`impact:kind.${kind}`), field, before ?? '', now ?? ''])
    }
    if (page.next === null) break
    after = page.next
  }
  for (const { step, pack, code, message, orders } of summary?.failures ?? []) rows.push(['', '', '', '', '', code, step, pack, `${orders}: ${message}`])
  saveFile(`impact-${job.id}.csv`, [csvOf(rows)], 'text/csv')
}
