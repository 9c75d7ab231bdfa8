import { Tooltip } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cellProblem } from './cell-problems.ts'
import { alsoRead, fieldsByColumn, type Mapping } from './mapping-fields.ts'
import classes from './import.module.css'

const SHOWN_ROWS = 10

/** The first rows as they stand in the file, under each column what reads it; cells that catch the eye are marked. */
export function PreviewTable({ columns, rows: all, mapping }: { columns: readonly string[]; rows: readonly (readonly string[])[]; mapping: Mapping | null }): ReactNode {
  const { t } = useTranslation()
  const rows = all.slice(0, SHOWN_ROWS)
  const fields = useMemo(() => (mapping === null ? new Map<string, never>() : fieldsByColumn(mapping)), [mapping])
  const others = useMemo(() => (mapping === null ? new Map<string, string>() : alsoRead(mapping)), [mapping])
  return (
    <div className={classes['preview']} tabIndex={0} role="region" aria-label={t('import:preview.label', { count: rows.length })}>
      <table dir="ltr">
        <thead>
          <tr>
            {columns.map((column, index) => {
              const feeds = fields.get(column)
              return (
                <th key={index} scope="col">
                  <bdi>{column}</bdi>
                  {mapping !== null && (feeds === undefined
                    ? <span className={classes['unread']} dir="auto">{others.has(column) ? t('import:preview.alsoRead', { name: others.get(column) }) : t('import:preview.unread')}</span>
                    : feeds.map(field => <span key={field.path} className={classes['feeds']} dir="auto">{t(`import:field.${field.path}`)}</span>))}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {columns.map((column, index) => {
                const feeds = fields.get(column)
                const problem = mapping === null || feeds === undefined ? null : cellProblem(row[index] ?? '', feeds, mapping)
                const text = <bdi>{row[index]}</bdi>
                return (
                  <td key={index} data-dim={(mapping !== null && feeds === undefined && !others.has(column)) || undefined} data-problem={problem ?? undefined}>
                    {problem === null ? text : (
                      <Tooltip label={t(`import:cell.${problem}`)}>
                        <span>{row[index] === '' ? t('import:cell.nothing') : text}<span className="sr-only"> ({t(`import:cell.${problem}`)})</span></span>
                      </Tooltip>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
