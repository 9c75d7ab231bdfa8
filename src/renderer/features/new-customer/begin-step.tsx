import { Button, Radio } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { DropZone } from '../../components/drop-zone.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { changeDraft, type Beginning, type CustomerDraft } from './customer-draft.ts'
import classes from './new-customer.module.css'

const ACCEPT = '.yaml,.yml,.json,.txt'
const BYTES_AT_MOST = 5_000_000

/** First step: a template, another customer's profile, or a file. */
export function BeginStep({ draft }: { draft: CustomerDraft }): ReactNode {
  const { t } = useTranslation()
  const { session, tenant, may } = useTenant()
  const navigate = useNavigate()
  const samples = useEngineQuery('sample-profiles', {})
  const [problem, setProblem] = useState<unknown>(null)
  const [unreadable, setUnreadable] = useState<'encoding' | 'size' | null>(null)
  const [asked, setAsked] = useState(false)
  const choose = (beginning: Beginning, file: string | null = null): void => {
    setUnreadable(null)
    setProblem(null)
    changeDraft({ beginning, file, currency: null, fixes: [], ...(beginning.from === 'document' ? { title: '', tenant: '' } : {}) })
  }
  const take = async ([file]: readonly File[]): Promise<void> => {
    if (file === undefined) return
    if (file.size > BYTES_AT_MOST) {
      setUnreadable('size')
      return
    }
    try {
      choose({ from: 'document', document: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()) }, file.name)
    } catch {
      setUnreadable('encoding')
    }
  }
  const next = async (): Promise<void> => {
    setAsked(true)
    const { beginning } = draft
    if (beginning === null) return
    try {
      const prepared = await ask('prepare-customer', { beginning })
      if (beginning.from === 'document' && draft.title === '') changeDraft({ title: prepared.title, tenant: prepared.tenant })
      await navigate({ to: '/t/$tenant/new-customer', params: { tenant }, search: { step: 'customer' } })
    } catch (error) {
      setProblem(error)
    }
  }
  if (samples.data === undefined) return samples.error === null ? <LoadingLines /> : <ErrorState error={samples.error} onRetry={() => { void samples.refetch() }} />
  const chosen = keyOf(draft.beginning)
  const pick = (key: string): void => {
    const name = key.slice(key.indexOf(':') + 1)
    choose(key.startsWith('tenant:') ? { from: 'tenant', tenant: name } : { from: 'template', name })
  }
  const radios = (which: 'template' | 'sample'): ReactNode => samples.data.filter(({ template }) => template === (which === 'template')).map(each => (
    <Radio key={each.name} value={`template:${each.name}`} label={t(`new-customer:template.${each.name.split('/').at(-1)}.title`, { defaultValue: each.title })}
      description={t(`new-customer:template.${each.name.split('/').at(-1)}.text`, { defaultValue: each.description })} />
  ))
  return (
    <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); void next() }}>
      <p className={classes['plain']}>{t('new-customer:begin.text')}</p>
      <Radio.Group label={t('new-customer:begin.template')} value={chosen} onChange={pick}><div className={classes['choices']}>{radios('template')}</div></Radio.Group>
      <Radio.Group label={t('new-customer:begin.tenant')} description={t('new-customer:begin.tenantText')} value={chosen} onChange={pick}>
        <div className={classes['choices']}>
          {session.tenants.filter(each => each.permissions.includes('profile.read')).map(each => <Radio key={each.tenant} value={`tenant:${each.tenant}`} label={<bdi>{each.title}</bdi>} />)}
        </div>
      </Radio.Group>
      {may('site.manage') && <details className={classes['more']}><summary>{t('new-customer:begin.samples')}</summary><Radio.Group aria-label={t('new-customer:begin.samples')} value={chosen} onChange={pick}><div className={classes['choices']}>{radios('sample')}</div></Radio.Group></details>}
      <DropZone title={draft.file ?? t('new-customer:begin.file')} text={t('new-customer:begin.fileText')} button={t('new-customer:begin.choose')} accept={ACCEPT} multiple={false} onFiles={files => { void take(files) }} />
      {unreadable !== null && <RefusalBox refusal={{ code: '', message: t(`new-customer:unreadable.${unreadable}.message`), remedy: t(`new-customer:unreadable.${unreadable}.remedy`) }} />}
      {asked && draft.beginning === null && <p role="alert" className={classes['need']}>{t('new-customer:begin.need')}</p>}
      {problem !== null && <RefusalAlert error={problem} />}
      <div className={classes['foot']}><Button type="submit">{t('new-customer:next')}</Button>{draft.file !== null && <span role="status" className="dim"><bdi>{draft.file}</bdi></span>}</div>
    </form>
  )
}

function keyOf(beginning: Beginning | null): string | null {
  switch (beginning?.from) {
    case 'template': return `template:${beginning.name}`
    case 'tenant': return `tenant:${beginning.tenant}`
    default: return null
  }
}
