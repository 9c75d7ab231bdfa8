import { Button, SegmentedControl, TextInput, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PathKey } from '#engine/profiles/finding.ts'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Badge, type Tone } from '../../components/badge.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { useEditor } from './editor-context.ts'
import classes from './profile.module.css'
import { plainValue, siteAddress } from './setting-values.ts'
import type { EffectiveValue } from './use-profile-editor.ts'
import { useValueWords } from './use-value-words.ts'

const LAYERS = ['product', 'pack', 'profile', 'site'] as const
const TONES: Readonly<Record<(typeof LAYERS)[number], Tone>> = { product: 'neutral', pack: 'neutral', profile: 'info', site: 'warn' }
const SHOWN_AT_FIRST = 60

/** Every setting as it counts, and where it comes from: the product, a pack, this profile, or this site alone. */
export function ValuesPanel({ onGo }: { onGo: (path: readonly PathKey[]) => void }): ReactNode {
  const { t } = useTranslation()
  const { effective, words } = useEditor()
  const [from, setFrom] = useState<string>('all')
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState(SHOWN_AT_FIRST)
  const inWords = useValueWords()
  const show = (at: readonly PathKey[], value: unknown): string => inWords(at, value) || '–'
  if (effective.values === null) return <div className={classes['panel']}>{effective.error === null ? <LoadingLines /> : <RefusalAlert error={effective.error} tone="warn" />}</div>
  const wanted = search.trim().toLowerCase()
  const fitting = effective.values.filter(each => (from === 'all' || each.from === from) && (wanted === '' || `${words.place(each.at)} ${show(each.at, each.value)}`.toLowerCase().includes(wanted)))
  return (
    <div className={classes['panel']}>
      <p className={classes['panelState']}>{t('profile-editor:valuesHint')}</p>
      <SegmentedControl size="xs" value={from} aria-label={t('profile-editor:from')} onChange={setFrom} data={['all', ...LAYERS].map(value => ({ value, label: t(`profile-editor:layer.${value}`) }))} />
      <TextInput aria-label={t('profile-editor:findValue')} placeholder={t('profile-editor:findValue')} value={search} onChange={event => { setSearch(event.currentTarget.value) }} />
      {fitting.length === 0 && <p className="dim">{t('value-form:nothingFound')}</p>}
      <ul className={classes['findings']}>
        {fitting.slice(0, shown).map(each => (
          <li key={each.path}>
            <UnstyledButton className={classes['place']} onClick={() => { onGo(each.at) }}>{words.place(each.at)}</UnstyledButton>
            <p className={classes['comment']}><bdi>{show(each.at, each.value)}</bdi></p>
            <div className={classes['findingHead']}><Badge tone={TONES[each.from]}>{t(`profile-editor:layer.${each.from}`)}</Badge>
              {each.hides.map(hidden => <span key={hidden.from} className="dim small">{t('profile-editor:hides', { layer: t(`profile-editor:layer.${hidden.from}`), value: show(each.at, hidden.value) })}</span>)}</div>
            <OnThisSite value={each} />
          </li>
        ))}
      </ul>
      {fitting.length > shown && <div><Button variant="subtle" size="compact-sm" onClick={() => { setShown(shown + SHOWN_AT_FIRST) }}>{t('value-form:more', { count: fitting.length - shown })}</Button></div>}
    </div>
  )
}

/** A value of its own for this site, for what may differ from site to site. */
function OnThisSite({ value: { at, value, from } }: { value: EffectiveValue }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const { tenant, document, effective, words } = useEditor()
  const [typed, setTyped] = useState<string | null>(null)
  const command = useCommand('set-site-values', () => { setTyped(null) })
  const address = siteAddress(at, document.value)
  if (address === null || !may('site.manage') || (typeof value === 'object' && value !== null)) return null
  const put = (values: Readonly<Record<string, unknown>>): void => { command.mutate({ tenant, values, invocation: invocation(t('profile-editor:siteReason', { place: words.place(at) })) }) }
  const { [address]: _now, ...others } = effective.site
  return (
    <>
      {typed === null
        ? (
          <div className={classes['few']}>
            <Button size="compact-xs" variant="subtle" color="gray" onClick={() => { setTyped(String(value ?? '')) }}>{t('profile-editor:otherHere')}</Button>
            {from === 'site' && <Button size="compact-xs" variant="subtle" color="gray" loading={command.isPending} onClick={() => { put(others) }}>{t('profile-editor:asElsewhere')}</Button>}
          </div>
        )
        : (
          <form className={classes['newComment']} onSubmit={event => { event.preventDefault(); put({ ...others, [address]: plainValue(typed, value) }) }}>
            <TextInput label={t('profile-editor:valueHere')} description={t('profile-editor:valueHereHint')} value={typed} onChange={event => { setTyped(event.currentTarget.value) }} data-autofocus />
            <div className={classes['few']}><Button type="submit" size="compact-sm" loading={command.isPending}>{t('profile-editor:putHere')}</Button><Button size="compact-sm" variant="default" onClick={() => { setTyped(null) }}>{t('profile-editor:cancel')}</Button></div>
          </form>
        )}
      <RefusalAlert error={command.error} tone="warn" />
    </>
  )
}
