import { Button, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { installEnded, type Install } from '../app/installs.ts'
import { ask, invocation, useCommand } from '../app/queries.ts'
import { translateRefusal } from '../app/refusal.ts'
import { useTenant } from '../app/session.tsx'
import { useFormat } from '../app/use-format.ts'
import { Actor } from './actor.tsx'
import { Badge, Mark, type Tone } from './badge.tsx'
import classes from './install-view.module.css'
import { Facts } from './page.tsx'
import { RefusalAlert, RefusalBox } from './refusal.tsx'
import { saveFile } from './save-file.ts'
import table from './table.module.css'
import { Code, Digest, Time } from './values.tsx'

type Check = Install['checks'][number]

const STEPS = ['verify', 'compatibility', 'own-cases', 'profile-cases', 'activate'] as const
const OUTCOMES: Readonly<Record<Check['outcome'], Tone>> = { passed: 'ok', warning: 'warn', refused: 'bad' }
const STATES: Readonly<Record<Install['state'], Tone>> = { queued: 'neutral', running: 'info', activating: 'info', succeeded: 'ok', failed: 'bad', cancelled: 'warn' }

/** What a running install looks at now, what it found so far, and what a cancel leaves. */
export function InstallProgress({ install }: { install: Install }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const at = STEPS.indexOf(install.step)
  const share = install.total === 0 ? null : install.done / install.total
  const step = t(`packs:step.${install.step}`)
  return (
    <div className={classes['progress']}>
      <ol className={classes['steps']} aria-label={t('packs:steps')}>
        {STEPS.map((each, index) => {
          const tone: Tone = index < at ? 'ok' : index === at ? 'info' : 'neutral'
          return <li key={each} aria-current={index === at ? 'step' : undefined}><Mark tone={tone} /> {t(`packs:step.${each}`)}<span className="sr-only"> ({t(`common:step.${index < at ? 'done' : index === at ? 'current' : 'ahead'}`)})</span></li>
        })}
      </ol>
      <div className={classes['head']}><span>{step}</span><span className="num dim">{install.total > 0 && t('packs:progress', { done: format.number(install.done), total: format.number(install.total) })}</span></div>
      <Progress size="md" value={share === null ? 100 : share * 100} animated={share === null} striped={share === null} aria-label={step} />
      <span className="sr-only" role="status">{step}</span>
      <Checks checks={install.checks} />
      <CancelInstall install={install} />
    </div>
  )
}

function CancelInstall({ install }: { install: Install }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const cancel = useCommand('cancel-install')
  if (!may('packs.install') || installEnded(install)) return null
  // From the moment that it counts an install is carried to its end.
  if (install.state === 'activating') return <p className="dim small">{t('packs:tooLate')}</p>
  return (
    <div className={classes['foot']}>
      <Button variant="default" loading={cancel.isPending} onClick={() => { cancel.mutate({ install: install.id, invocation: invocation() }) }}>{t('packs:cancel')}</Button>
      <span className="dim small">{t('packs:cancelLeaves')}</span>
      <RefusalAlert error={cancel.error} />
    </div>
  )
}

export function InstallStateBadge({ state }: { state: Install['state'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={STATES[state]}>{t(`packs:installState.${state}`)}</Badge>
}

/** What came of an install: as it is told, and as it is printed. */
export function InstallOutcome({ install }: { install: Install }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className={classes['outcome']}>
      <div role="status"><InstallStateBadge state={install.state} /> {t(`packs:outcome.${install.state}`, { count: install.packs.length })}</div>
      {install.error !== null && <RefusalBox refusal={translateRefusal(install.error, t)} />}
      <Facts items={[
        [t('packs:fact.media'), <Code key="media">{install.folder}</Code>],
        [t('packs:fact.fingerprint'), install.fingerprint === null ? '–' : <Code key="fingerprint">{install.fingerprint}</Code>],
        [t('packs:fact.by'), <Actor key="by" who={install.startedBy} />],
        [t('packs:fact.at'), <Time key="at" value={install.createdAt} />],
        ...(install.reason === null ? [] : [[t('common:reason'), <bdi key="reason">{install.reason}</bdi>] as const]),
        [t('packs:fact.id'), <Code key="id" quiet>{install.id}</Code>],
      ]} />
      {install.packs.length > 0 && (
        <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:packsOfInstall')}>
          <table className={table['table']}>
            <caption>{t('packs:packsOfInstall')}</caption>
            <thead><tr>{(['title', 'version', 'publisher', 'size', 'digest'] as const).map(name => <th key={name} scope="col" className={name === 'size' ? table['end'] : undefined}>{t(`packs:column.${name}`)}</th>)}</tr></thead>
            <tbody>{install.packs.map(({ pack, version, publisher, bytes, digest }) => (
              <tr key={digest}><th scope="row"><Code>{pack}</Code></th><td><Code>{version}</Code></td><td><Code>{publisher}</Code></td><td className={table['end']}><bdi className="num">{format.bytes(bytes)}</bdi></td><td><Digest value={digest} /></td></tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {install.activations.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('packs:activations')}</h2>
          <ul className={classes['plain']}>{install.activations.map(({ tenant, packs, profileVersion, error }) => (
            <li key={tenant}>
              {error === null ? <><Mark tone="ok" /> {t('packs:activated', { tenant, packs: packs.join(t('settings:listComma')), profile: profileVersion ?? 0 })}</> : <RefusalBox tone="warn" refusal={translateRefusal(error, t)} />}
            </li>
          ))}</ul>
        </section>
      )}
      <Checks checks={install.checks} />
    </div>
  )
}

/** Profiles that do not use what is installed are told in one row: there may be many of them. */
function told(checks: readonly Check[]): readonly (Check & { readonly subjects: readonly string[] })[] {
  const others = checks.filter(({ code }) => code === 'profile-not-affected')
  return checks.flatMap(check => check !== others[0] && others.includes(check) ? [] : [{ ...check, subjects: check === others[0] ? others.map(({ subject }) => subject) : [check.subject] }])
}

function Checks({ checks }: { checks: readonly Check[] }): ReactNode {
  const { t } = useTranslation()
  if (checks.length === 0) return null
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:checks.title')}>
      <table className={table['table']}>
        <caption>{t('packs:checks.title')}</caption>
        <thead><tr><th scope="col">{t('packs:checks.step')}</th><th scope="col">{t('packs:checks.subject')}</th><th scope="col">{t('packs:checks.outcome')}</th><th scope="col">{t('packs:checks.found')}</th></tr></thead>
        <tbody>{told(checks).map(({ subjects, ...check }, index) => (
          <tr key={index} data-tone={check.outcome === 'passed' ? undefined : OUTCOMES[check.outcome]}>
            <th scope="row">{t(`packs:step.${check.step}`)}</th>
            <td className={classes['subjects']}>{subjects.map((subject, at) => <span key={at}>{at > 0 && t('settings:listComma')}<Code>{subject}</Code></span>)}</td>
            <td><Badge tone={OUTCOMES[check.outcome]}>{t(`packs:checks.${check.outcome}`)}</Badge></td>
            <td>{subjects.length > 1 ? t('packs:found.profiles-not-affected', { count: subjects.length }) : <Found check={check} />}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  )
}

function Found({ check: { code, values, details } }: { check: Check }): ReactNode {
  const { t, i18n } = useTranslation()
  if (code === 'KS-PACK-OWN-CASES' || code === 'KS-PACK-PROFILE-CASES') {
    return (
      <>
        {t(`packs:found.${code}`, { cases: Number(values['cases'] ?? 0), failed: Number(values['failed'] ?? values['differing'] ?? 0) })}
        <ul className={classes['details']}>{details.map((detail, index) => <li key={index}><bdi>{detail}</bdi></li>)}</ul>
      </>
    )
  }
  if (i18n.exists(`packs:found.${code}`)) return <>{t(`packs:found.${code}`, { cases: Number(values['cases'] ?? 0), signedBy: String(values['signedBy'] ?? ''), engine: String(values['engine'] ?? '') })}</>
  const [message = code, remedy = ''] = details
  const said = translateRefusal({ code, message, remedy, values }, t)
  return <>{said.message} {said.remedy} <Code quiet>{code}</Code></>
}

/** The signed record, for a file of one's own: the page to print, and what the signature is over. */
export function SaveRecord({ install }: { install: Install }): ReactNode {
  const { t, i18n } = useTranslation()
  const save = async (): Promise<void> => {
    const { document, signature, page } = await ask('install-record', { install: install.id, locale: i18n.language })
    saveFile(`install-${install.id}.html`, [page], 'text/html')
    saveFile(`install-${install.id}.json`, [`${JSON.stringify({ document, signature })}\n`], 'application/json')
  }
  return <Button variant="default" leftSection={<IconDownload size={14} />} onClick={() => { void save() }}>{t('packs:saveRecord')}</Button>
}
