import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RowValue, ShownColumn } from '#engine/contracts/v1/index.ts'
import type { AskedRows } from '../../app/pack-rows.ts'
import { usePackWords, type PackUi } from '../../app/pack-ui.tsx'
import { ask, type QueryOutput } from '../../app/queries.ts'
import { shownRefusal } from '../../app/refusal.ts'
import { csvOf, saveFile } from '../../components/save-file.ts'

const PAGE = 500

/** All rows of a pack's query as a file, not only those on screen: values as the pack keeps them, in the columns that are shown. */
export function ExportRows({ tenant, pack, query: name, parameters, columns, title, compact = false }: {
  tenant: string; pack: PackUi; query: string; parameters: AskedRows['parameters']; columns: readonly ShownColumn[]; title: string; compact?: boolean
}): ReactNode {
  const { t } = useTranslation()
  const words = usePackWords(pack.pack)
  const [saving, setSaving] = useState(false)
  const query = pack.queries.find(each => each.name === name)
  const save = async (): Promise<void> => {
    setSaving(true)
    try {
      // What stands in no column of its own says what the amounts are.
      const shown = columns.some(({ column }) => column === 'currency') || query?.columns.some(each => each.name === 'currency') !== true ? columns : [...columns, { column: 'currency' }]
      const parts = [csvOf([shown.map(({ column }) => words(`column.${query?.table}.${column}`) ?? column)])]
      for (let after: string | null = null; ;) {
        const page: QueryOutput<'pack-query'> = await ask('pack-query', { tenant, pack: pack.pack, query: name, parameters: { ...parameters }, after, limit: PAGE })
        parts.push(csvOf(page.rows.map(row => shown.map(({ column }) => cellOf(row[column] as RowValue | undefined))), false))
        if (page.next === null) break
        after = page.next
      }
      saveFile(`${title}.csv`, parts, 'text/csv')
    } catch (error) {
      const { message, remedy } = shownRefusal(error, t)
      notifications.show({ color: 'red', title: t('pack-pages:notSaved'), message: `${message} ${remedy}` })
    } finally {
      setSaving(false)
    }
  }
  return (
    <Button variant="default" {...(compact ? { size: 'compact-xs' } : {})} loading={saving} leftSection={<IconDownload size={compact ? 12 : 14} />} onClick={() => { void save() }}>
      {t('pack-pages:export')}
    </Button>
  )
}

function cellOf(value: RowValue | undefined): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}
