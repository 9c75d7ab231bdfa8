import { Button, Checkbox, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Badge } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts } from '../../components/page.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Time } from '../../components/values.tsx'
import { AcceptExpiredForm } from './accept-expired.tsx'
import classes from './install-packs.module.css'
import { useMedia, useOpenMedia, type AcceptExpired, type Media } from './media.ts'

type MediaPack = Media['packs'][number]
type PackVersion = QueryOutput<'packs'>[number]

const nameOf = ({ id, version }: MediaPack): string => `${id}@${version}`

/** Second step: whose media it is, how old, and which of its packs to install. */
export function ContentsStep({ folder, chosen, onChosen }: { folder: string; chosen: readonly string[] | undefined; onChosen: (packs: readonly string[]) => void }): ReactNode {
  const { t } = useTranslation()
  const media = useMedia(folder)
  const again = useOpenMedia(() => undefined)
  if (media.data === undefined) {
    if (media.error === null) return <LoadingLines />
    return (
      <div className={classes['narrow']}>
        <ErrorState error={again.error ?? media.error} onRetry={() => { void media.refetch() }} />
        <AcceptExpiredForm error={again.error ?? media.error} pending={again.isPending} onAccept={(acceptExpired: AcceptExpired) => { again.mutate({ folder, acceptExpired }) }} />
      </div>
    )
  }
  return (
    <>
      <MediaFacts media={media.data} />
      {media.data.problems.map((problem, index) => <RefusalBox key={index} tone="warn" refusal={translateRefusal(problem, t)} />)}
      {media.data.trusted && <Withdrawn media={media.data} />}
      {media.data.trusted ? <Packs media={media.data} chosen={chosen} onChosen={onChosen} /> : <Trust media={media.data} onTrusted={() => { again.mutate({ folder }) }} />}
    </>
  )
}

/** Packs of this site that the publishers of the media have withdrawn: they do not run any more, from the moment that it was opened. */
function Withdrawn({ media }: { media: Media }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const packs = useEngineQuery('packs', {}, { staleMs: 0 })
  if (packs.error !== null) return <RefusalAlert error={packs.error} />
  const speaksFor = ({ publisher, id }: PackVersion): boolean => media.nameSpace.some(name => name === `${publisher}/${id}` || (name.endsWith('/*') && (name === '*/*' || name === `${publisher}/*`)))
  return (packs.data ?? []).filter(pack => pack.state === 'revoked' && speaksFor(pack)).map(pack => (
    <RefusalBox key={pack.digest} refusal={{ code: 'KS-PACK-REVOKED', message: t('install-packs:withdrawn', { pack: pack.id, version: pack.version }), remedy: t('install-packs:withdrawnRemedy', { tenants: pack.tenants.map(each => each.tenant).join(t('settings:listComma')), count: pack.tenants.length }) }}
      {...(pack.why?.values?.['why'] == null ? {} : { detail: <bdi>{String(pack.why.values['why'])}</bdi> })}>
      <ButtonLink variant="default" to="/t/$tenant/packs/$pack" params={{ tenant, pack: pack.id }} search={{ digest: pack.digest }}>{t('install-packs:openPack')}</ButtonLink>
    </RefusalBox>
  ))
}

function MediaFacts({ media }: { media: Media }): ReactNode {
  const { t } = useTranslation()
  const { age } = media
  return (
    <Facts items={[
      [t('install-packs:fact.folder'), <Code key="folder">{media.folder}</Code>],
      [t('install-packs:fact.trust'), <Badge key="trust" tone={media.trusted ? 'ok' : 'warn'}>{t(media.trusted ? 'install-packs:trusted' : 'install-packs:untrusted')}</Badge>],
      [t('install-packs:fact.publishers'), <Code key="publishers">{media.nameSpace.join(', ')}</Code>],
      [t('install-packs:fact.signedAt'), <span key="signed"><Time value={age.signedAt} /> <span className="dim">{t('install-packs:age', { days: age.ageDays })}</span></span>],
      [t('install-packs:fact.expiresAt'), <span key="expires"><Time value={age.expiresAt} />{age.expired && <> <Badge tone="bad">{t('install-packs:expired')}</Badge></>}</span>],
      ...(media.trusted ? [[t('install-packs:fact.fingerprint'), <Code key="fingerprint" quiet>{media.fingerprint}</Code>] as const] : []),
    ]} />
  )
}

/** Nobody vouches for this media yet: a person compares its fingerprint with what the publisher told them another way. */
function Trust({ media, onTrusted }: { media: Media; onTrusted: () => void }): ReactNode {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [compared, setCompared] = useState(false)
  const [asked, setAsked] = useState(false)
  const trust = useCommand('trust-root', onTrusted)
  const empty = typed.trim() === ''
  const submit = (): void => {
    setAsked(true)
    if (!empty && compared) trust.mutate({ folder: media.folder, fingerprint: typed, invocation: invocation() })
  }
  return (
    <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); submit() }}>
      <p className={classes['plain']}>{t('install-packs:trust.text', { publishers: media.nameSpace.join(t('settings:listComma')) })}</p>
      <div><span className="small dim">{t('install-packs:trust.shown')}</span><bdi dir="ltr" className={`code ${classes['fingerprint']}`}>{media.fingerprint}</bdi></div>
      <TextInput label={t('install-packs:trust.typed')} description={t('install-packs:trust.typedHint')} dir="ltr" classNames={{ input: 'code' }} value={typed} withAsterisk autoComplete="off" spellCheck={false} error={asked && empty ? t('schema-form:error.needed') : null}
        onChange={event => { setTyped(event.currentTarget.value); trust.reset() }} />
      <Checkbox label={t('install-packs:trust.compared')} checked={compared} error={asked && !compared ? t('schema-form:error.needed') : null} onChange={event => { setCompared(event.currentTarget.checked) }} />
      <RefusalAlert error={trust.error} />
      <div><Button type="submit" loading={trust.isPending}>{t('install-packs:trust.submit')}</Button></div>
    </form>
  )
}

function Packs({ media, chosen, onChosen }: { media: Media; chosen: readonly string[] | undefined; onChosen: (packs: readonly string[]) => void }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const offered = media.packs.filter(pack => pack.refusal === null)
  const [picked, setPicked] = useState<readonly string[]>(() => chosen ?? newest(offered.filter(({ here }) => here === 'new' || here === 'older-here')).map(nameOf))
  const toggle = (pack: MediaPack): void => {
    const name = nameOf(pack)
    // One version of each pack at a time.
    setPicked(now => now.includes(name) ? now.filter(each => each !== name) : [...now.filter(each => !each.startsWith(`${pack.id}@`)), name])
  }
  if (media.packs.length === 0) return <p className="dim">{t('install-packs:contents.none')}</p>
  return (
    <>
      <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('install-packs:contents.title')}>
        <table className={table['table']}>
          <caption>{t('install-packs:contents.title')}</caption>
          <thead><tr>
            <th scope="col"><span className="sr-only">{t('install-packs:contents.choose')}</span></th><th scope="col">{t('packs:column.title')}</th><th scope="col">{t('packs:column.version')}</th><th scope="col">{t('install-packs:contents.here')}</th>
            <th scope="col">{t('packs:column.publisher')}</th><th scope="col">{t('install-packs:contents.signedBy')}</th><th scope="col" className={table['end']}>{t('packs:column.size')}</th>
          </tr></thead>
          <tbody>
            {media.packs.map(pack => (
              <tr key={pack.digest} data-tone={pack.refusal === null ? undefined : 'bad'}>
                <td><Checkbox size="xs" aria-label={t('common:list.select', { name: `${pack.id} ${pack.version}` })} disabled={pack.refusal !== null || pack.here === 'installed'} checked={picked.includes(nameOf(pack))} onChange={() => { toggle(pack) }} /></td>
                <th scope="row"><Code>{pack.id}</Code></th>
                <td><Code>{pack.version}</Code></td>
                <td>{pack.refusal === null ? t(`install-packs:here.${pack.here}`, { versions: pack.installed.join(t('settings:listComma')) }) : <Refused pack={pack} />}</td>
                <td><Code>{pack.publisher}</Code></td><td><Code quiet>{pack.signedBy}</Code></td>
                <td className={table['end']}><bdi className="num">{format.bytes(pack.bytes)}</bdi></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={classes['foot']}>
        <Button disabled={picked.length === 0} onClick={() => { onChosen(picked) }}>{t('install-packs:contents.next', { count: picked.length })}</Button>
        {picked.length === 0 && <span className={classes['why']}>{t('install-packs:contents.pickOne')}</span>}
      </div>
    </>
  )
}

function Refused({ pack: { refusal } }: { pack: MediaPack }): ReactNode {
  const { t } = useTranslation()
  if (refusal === null) return null
  const { message, remedy, code } = translateRefusal(refusal, t)
  return <><strong>{message}</strong> {remedy} <Code quiet>{code}</Code></>
}

/** Of each pack the newest version. */
function newest(packs: readonly MediaPack[]): readonly MediaPack[] {
  const byId = new Map<string, MediaPack>()
  for (const pack of packs) {
    const known = byId.get(pack.id)
    if (known === undefined || pack.version.localeCompare(known.version, 'en', { numeric: true }) > 0) byId.set(pack.id, pack)
  }
  return [...byId.values()]
}
