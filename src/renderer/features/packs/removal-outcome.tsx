import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommandOutput } from '../../app/queries.ts'
import { Badge } from '../../components/badge.tsx'
import { RefusalBox } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Count, Digest } from '../../components/values.tsx'
import classes from './packs.module.css'

export type Removed = CommandOutput<'remove-pack'>
type Ledger = Removed['tenants'][number]['dropped']

/** What came of a removal: what was written out, what was dropped, and that nothing is left. */
export function RemovalOutcome({ removed: { tenants, versions }, title }: { removed: Removed; title: string }): ReactNode {
  const { t } = useTranslation()
  const left = tenants.some(each => !isEmpty(each.left))
  return (
    <div className={classes['body']}>
      <RefusalBox tone={left ? 'warn' : 'ok'} refusal={{ code: '', message: t(left ? 'packs:removal.left' : 'packs:removal.done', { pack: title }), remedy: t('packs:removal.kept') }} />
      {tenants.length === 0 ? <p className={classes['plain']}>{t('packs:removal.nobody')}</p> : (
        <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:removal.tenants')}>
          <table className={table['table']}>
            <caption>{t('packs:removal.tenants')}</caption>
            <thead><tr>{(['tenant', 'profile', 'written', 'dropped', 'stays'] as const).map(name => <th key={name} scope="col">{t(`packs:removal.${name}`)}</th>)}</tr></thead>
            <tbody>{tenants.map(({ tenant, profileVersion, exported, dropped, left: rest }) => (
              <tr key={tenant}>
                <th scope="row"><Code>{tenant}</Code></th>
                <td><Count value={profileVersion} /></td>
                <td>{exported === null ? <span className="dim">{t('packs:removal.noRows')}</span> : (
                  <>{exported.tables.map(({ table: name, rows }) => <div key={name}>{t('packs:removal.rows', { table: name, count: rows })}</div>)}<Code quiet>{exported.folder}</Code></>
                )}</td>
                <td><LedgerText ledger={dropped} /></td>
                <td>{isEmpty(rest) ? <Badge tone="ok">{t('packs:removal.nothing')}</Badge> : <Badge tone="bad"><LedgerText ledger={rest} /></Badge>}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {versions.length > 0 && (
        <section>
          <h2 className="small dim">{t('packs:removal.versions')}</h2>
          <ul>{versions.map(({ version, digest }) => <li key={digest}><Code>{version}</Code> <Digest value={digest} /></li>)}</ul>
        </section>
      )}
    </div>
  )
}

function LedgerText({ ledger }: { ledger: Ledger }): ReactNode {
  const { t } = useTranslation()
  if (isEmpty(ledger)) return <span className="dim">{t('packs:removal.nothing')}</span>
  return <>{t('packs:removal.ledger', { files: ledger.files.length, cursors: ledger.cursors.length, parked: ledger.parked })}</>
}

function isEmpty({ states, cursors, parked, files }: Ledger): boolean {
  return states === 0 && cursors.length === 0 && parked === 0 && files.length === 0
}
