import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../app/queries.ts'
import { roleNames } from '../app/role-names.ts'
import { Badge } from './badge.tsx'
import classes from './pack-powers.module.css'
import { Code, Count } from './values.tsx'

type Described = NonNullable<QueryOutput<'pack'>['manifest']>

/** Everything that a pack may do; what is not here it may not. */
export function PackPowers({ powers }: { powers: Described }): ReactNode {
  const { t } = useTranslation()
  const codes = (names: readonly string[]): ReactNode => <ul className={classes['codes']}>{names.map(name => <li key={name}><Code>{name}</Code></li>)}</ul>
  const parts: readonly (readonly [string, number, ReactNode])[] = [
    ['permissions', powers.permissions.length, <ul key="permissions" className={classes['codes']}>{powers.permissions.map(({ name, roles }) => <li key={name}><Code>{name}</Code> <span className="dim">{roles.length === 0 ? t('packs:powers.noRole') : roleNames(roles, t)}</span></li>)}</ul>],
    ['commands', powers.commands.length, codes(powers.commands)],
    ['issues', powers.issues.length, codes(powers.issues)],
    ['reads', powers.reads.length, codes(powers.reads)],
    ['emits', powers.emits.length, codes(powers.emits)],
    ['tables', powers.tables.length, <ul key="tables" className={classes['codes']}>{powers.tables.map(({ name, columns }) => <li key={name}><Code>{name}</Code> <span className="dim">{t('packs:powers.columns', { count: columns })}</span></li>)}</ul>],
    ['attributes', powers.attributes.length, codes(powers.attributes)],
    ['requires', powers.requires.length, codes(powers.requires.map(({ pack, version }) => `${pack} ${version}`))],
  ]
  const none = parts.filter(([, count]) => count === 0).map(([name]) => t(`packs:powers.${name}`))
  return (
    <>
      <dl className={classes['powers']}>
        <div>
          <dt>{t('packs:powers.contracts')}</dt>
          <dd>
            {powers.contracts.map(({ contract, version, status, config }) => (
              <div key={`${contract} ${version}`}>
                {t(`packs:contractName.${contract}`, { defaultValue: contract })} <Code quiet>{`${contract} ${version}`}</Code> {status !== 'current' && <Badge tone="warn">{t(`packs:contract.${status}`)}</Badge>}
                <ConfigSchema config={config} />
              </div>
            ))}
          </dd>
        </div>
        <div><dt>{t('packs:powers.engine')}</dt><dd><Code>{powers.engine}</Code></dd></div>
        {powers.entitlement !== null && <div><dt>{t('packs:powers.entitlement')}</dt><dd><Code>{powers.entitlement}</Code></dd></div>}
        {parts.filter(([, count]) => count > 0).map(([name, count, shown]) => <div key={name}><dt>{t(`packs:powers.${name}`)} <span className="dim">(<Count value={count} />)</span></dt><dd>{shown}</dd></div>)}
      </dl>
      {none.length > 0 && <p className="dim small">{t('packs:powers.none', { parts: none.join(' · ') })}</p>}
    </>
  )
}

function ConfigSchema({ config }: { config: Readonly<Record<string, unknown>> }): ReactNode {
  const { t } = useTranslation()
  const properties = config['properties']
  const count = typeof properties === 'object' && properties !== null ? Object.keys(properties).length : 0
  if (count === 0) return null
  return (
    <details className={classes['config']}>
      <summary>{t('packs:powers.config', { count })}</summary>
      <pre dir="ltr" tabIndex={0}>{JSON.stringify(config, null, 2)}</pre>
    </details>
  )
}
