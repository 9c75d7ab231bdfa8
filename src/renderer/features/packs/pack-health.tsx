import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { ButtonLink } from '../../components/button-link.tsx'
import { PackText } from '../../components/pack-text.tsx'
import { Section } from '../../components/page.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Count } from '../../components/values.tsx'
import { HealthBadge, type PackHealth, type PackVersion } from './pack-state.tsx'
import classes from './packs.module.css'

const FIGURES = ['asked', 'failed', 'incidents', 'mean', 'longest'] as const
const REFRESH_MS = 10_000
/** From this share of its budget on somebody should look. */
const WARN_SHARE = 0.5

/** How the pack does for this tenant, contract by contract, well before anything is stopped. */
export function HealthSection({ pack }: { pack: PackVersion }): ReactNode {
  const { t } = useTranslation()
  const { tenant, title, may } = useTenant()
  const health = useEngineQuery('pack-health', { tenant }, { refetchMs: REFRESH_MS, keepPrevious: true })
  const found = health.data?.find(each => each.digest === pack.digest)
  return (
    <Section title={t('packs:health.title', { tenant: title })} aside={found !== undefined && <HealthBadge health={found.health} />}>
      <RefusalAlert error={health.error} />
      {found === undefined ? health.error === null && <p className="dim">{t(pack.tenants.some(use => use.tenant === tenant) ? 'packs:health.notLoaded' : 'packs:health.notRun')}</p> : (
        <>
          {found.disabled !== null && <RefusalBox tone="warn" refusal={translateRefusal({ ...found.disabled, values: { pack: found.pack, version: found.version } }, t)} />}
          {found.reasons.length > 0 && <ul>{found.reasons.map(reason => <li key={reason}>{t(`packs:health.reason.${reason}`)}</li>)}</ul>}
          {found.notes.length > 0 && (
            <section>
              <h3 className="small dim">{t('packs:health.says')}</h3>
              <ul>{found.notes.map((note, index) => <li key={index}><Note pack={pack.id} note={note} /></li>)}</ul>
            </section>
          )}
          <Contracts health={found} />
          {found.openDeadLetters > 0 && may('failures.read') && (
            <p><ButtonLink variant="default" to="/t/$tenant/failures" params={{ tenant }} search={{ pack: pack.id }}>{t('packs:health.deadLetters', { count: found.openDeadLetters })}</ButtonLink></p>
          )}
        </>
      )}
    </Section>
  )
}

/** The pack's own text; the engine's where the pack could not be asked. */
function Note({ pack, note: { code, values } }: { pack: string; note: PackHealth['notes'][number] }): ReactNode {
  const { t } = useTranslation()
  return code.startsWith('KS-') ? <>{translateRefusal({ code, message: t('packs:health.noAnswer'), remedy: '', values: { pack } }, t).message} <Code quiet>{code}</Code></> : <PackText pack={pack} code={code} values={values} />
}

/** Parts of a pack that only declare something. */
const DECLARED: ReadonlySet<string> = new Set(['ui-module', 'data-extension'])

function Contracts({ health }: { health: PackHealth }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:health.contracts')}>
      <table className={table['table']}>
        <thead><tr>
          <th scope="col">{t('packs:powers.contracts')}</th>
          {FIGURES.map(name => <th key={name} scope="col" className={table['end']}>{t(`packs:health.${name}`)}</th>)}
          <th scope="col">{t('packs:health.share')}</th>
        </tr></thead>
        <tbody>
          {health.contracts.map(contract => {
            if (contract.asked === 0) {
              return <tr key={contract.contract}><th scope="row"><Code>{contract.contract}</Code></th><td colSpan={FIGURES.length + 1} className="dim">{t(DECLARED.has(contract.contract) ? 'packs:health.declares' : 'packs:health.notAsked')}</td></tr>
            }
            const tone = contract.share >= 1 ? 'bad' : contract.share >= WARN_SHARE ? 'warn' : 'ok'
            return (
              <tr key={contract.contract} data-tone={tone === 'ok' ? undefined : tone}>
                <th scope="row"><Code>{contract.contract}</Code></th>
                <td className={table['end']}><Count value={contract.asked} /></td>
                <td className={table['end']}><Count value={contract.failed} />{contract.failed > 0 && <span className="dim"> ({format.percent(contract.errorRate)})</span>}</td>
                <td className={table['end']}><Count value={contract.incidents} /></td>
                <td className={table['end']}><bdi className="num">{format.duration(contract.meanMs)}</bdi></td>
                <td className={table['end']}><bdi className="num">{format.duration(contract.longestMs)}</bdi></td>
                <td><span className={classes['meter']} data-tone={tone} aria-hidden="true"><span style={{ width: `${Math.min(100, contract.share * 100)}%` }} /></span>{t('packs:health.ofBudget', { share: format.percent(contract.share), budget: format.duration(contract.budgetMs) })}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
