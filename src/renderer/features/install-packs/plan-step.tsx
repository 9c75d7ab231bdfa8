import { Button, Checkbox, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Badge } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { PackPowers } from '../../components/pack-powers.tsx'
import { Facts } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Count, Digest } from '../../components/values.tsx'
import classes from './install-packs.module.css'
import { useAcceptedExpired } from './media.ts'

type Plan = QueryOutput<'install-plan'>
type PackPlan = Plan['packs'][number]

/** `pack@version` as the engine takes it. */
function wanted(packs: readonly string[]): { pack: string; version: string }[] {
  return packs.map(name => { const at = name.lastIndexOf('@'); return { pack: name.slice(0, at), version: name.slice(at + 1) } })
}

/** Third step: everything that the packs will be able to do, what is other than before, and who takes them up. */
export function PlanStep({ folder, packs, tenants, onTenants, onStarted }: {
  folder: string; packs: readonly string[]; tenants: readonly string[]; onTenants: (tenants: readonly string[]) => void; onStarted: (install: string) => void
}): ReactNode {
  const { t } = useTranslation()
  const { session } = useTenant()
  const accepted = useAcceptedExpired(folder)
  const plan = useEngineQuery('install-plan', { folder, packs: wanted(packs), tenants: [...tenants], ...accepted }, { keepPrevious: true, staleMs: 0 })
  const [reason, setReason] = useState('')
  const start = useCommand('start-install', ({ install }) => { onStarted(install) })
  if (plan.data === undefined) return plan.error === null ? <LoadingLines /> : <ErrorState error={plan.error} onRetry={() => { void plan.refetch() }} />
  const { ok } = plan.data
  const toggle = (tenant: string): void => { onTenants(tenants.includes(tenant) ? tenants.filter(each => each !== tenant) : [...tenants, tenant]) }
  return (
    <>
      {plan.data.packs.map(pack => <PackOfPlan key={pack.digest} pack={pack} />)}
      <fieldset className={classes['choices']}>
        <legend>{t('install-packs:plan.tenants')}</legend>
        <p className={classes['plain']}>{t('install-packs:plan.tenantsText')}</p>
        {session.tenants.filter(each => each.permissions.includes('packs.manage')).map(each => (
          <Checkbox key={each.tenant} label={each.title} checked={tenants.includes(each.tenant)} onChange={() => { toggle(each.tenant) }} />
        ))}
      </fieldset>
      {plan.data.tenants.map(each => <TenantOfPlan key={each.tenant} plan={each} folder={folder} wanted={packs} />)}
      <div className={classes['narrow']}><Textarea label={t('common:reason')} description={t('install-packs:plan.reasonHint')} value={reason} autosize minRows={2} maxLength={1000} onChange={event => { setReason(event.currentTarget.value) }} /></div>
      <RefusalAlert error={start.error ?? plan.error} />
      <div className={classes['foot']}>
        <Button disabled={!ok} loading={start.isPending} onClick={() => { start.mutate({ folder, packs: wanted(packs), tenants: [...tenants], ...accepted, invocation: invocation(reason) }) }}>{t('install-packs:plan.start', { count: packs.length })}</Button>
        <span className={classes['why']}>{t(ok ? 'install-packs:plan.meanwhile' : 'install-packs:plan.refused')}</span>
      </div>
    </>
  )
}

function PackOfPlan({ pack }: { pack: PackPlan }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <section className={classes['pack']} aria-label={`${pack.title} ${pack.version}`}>
      <h2><bdi>{pack.title}</bdi> <Code>{pack.version}</Code> <Badge tone={pack.kind === 'downgrade' ? 'warn' : 'neutral'}>{t(`install-packs:kind.${pack.kind}`, { installed: pack.installed ?? '' })}</Badge></h2>
      <p className={classes['plain']}><bdi>{pack.description}</bdi></p>
      {pack.findings.map((finding, index) => <RefusalBox key={index} tone={finding.level === 'refused' ? 'bad' : 'warn'} refusal={translateRefusal(finding, t)} />)}
      <Facts items={[
        [t('packs:column.publisher'), <Code key="publisher">{pack.publisher}</Code>],
        [t('packs:column.licence'), pack.licence === null ? t('packs:noLicence') : <Code key="licence">{pack.licence}</Code>],
        [t('packs:column.size'), <bdi key="size" className="num">{format.bytes(pack.bytes)}</bdi>],
        [t('install-packs:plan.cases'), <Count key="cases" value={pack.cases} />],
        [t('packs:column.digest'), <Digest key="digest" value={pack.digest} />],
      ]} />
      {pack.differences.length > 0 && <Differences pack={pack} />}
      <PackPowers powers={pack} />
    </section>
  )
}

function Differences({ pack }: { pack: PackPlan }): ReactNode {
  const { t } = useTranslation()
  const title = t('install-packs:differences.title', { installed: pack.installed ?? '' })
  const value = (text: string | null): ReactNode => text === null ? <span className="dim">{t('install-packs:differences.absent')}</span> : <bdi dir="ltr" className={`code ${classes['value']}`}>{text}</bdi>
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={title}>
      <table className={table['table']}>
        <caption>{title}</caption>
        <thead><tr><th scope="col">{t('install-packs:differences.what')}</th><th scope="col">{t('install-packs:differences.name')}</th><th scope="col">{t('install-packs:differences.from')}</th><th scope="col">{t('install-packs:differences.to')}</th></tr></thead>
        <tbody>{pack.differences.map(each => <tr key={`${each.what} ${each.name}`}><td>{t(`install-packs:part.${each.what}`)}</td><th scope="row"><Code>{each.name}</Code></th><td>{value(each.from)}</td><td>{value(each.to)}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

function TenantOfPlan({ plan: { tenant, packs, refusal }, folder, wanted: named }: { plan: Plan['tenants'][number]; folder: string; wanted: readonly string[] }): ReactNode {
  const { t } = useTranslation()
  if (refusal !== null) return <RefusalBox refusal={translateRefusal(refusal, t)} />
  return (
    <>
      <ul>{packs.map(({ pack, from, to }) => (
        <li key={pack}>{t(from === null ? 'install-packs:plan.takesNew' : 'install-packs:plan.takes', { tenant, pack, from: from ?? '', to: to ?? '' })}</li>
      ))}</ul>
      <div><ButtonLink variant="default" to="/t/$tenant/impact" params={{ tenant }} search={{ packs: [...named], media: folder }}>{t('install-packs:plan.impact', { tenant })}</ButtonLink></div>
    </>
  )
}
