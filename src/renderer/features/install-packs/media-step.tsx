import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { RefusalAlert } from '../../components/refusal.tsx'
import { AcceptExpiredForm } from './accept-expired.tsx'
import classes from './install-packs.module.css'
import { useOpenMedia } from './media.ts'

const KEY = 'keelson.media'

/** First step: where the media lies, as the machine of the site sees it. */
export function MediaStep({ folder, onChosen }: { folder: string; onChosen: (folder: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [path, setPath] = useState(folder === '' ? localStorage.getItem(KEY) ?? '' : folder)
  const [asked, setAsked] = useState(false)
  const media = useOpenMedia(() => {
    localStorage.setItem(KEY, path.trim())
    onChosen(path.trim())
  })
  const places = useEngineQuery('media-places', {}, { staleMs: 0 })
  const empty = path.trim() === ''
  const open = (): void => {
    setAsked(true)
    if (!empty) media.mutate({ folder: path.trim() })
  }
  return (
    <>
      <form className={classes['narrow']} noValidate onSubmit={event => { event.preventDefault(); open() }}>
        <p className={classes['plain']}>{t('install-packs:media.text')}</p>
        {places.data !== undefined && places.data.length > 0 && (
          <div role="group" aria-label={t('install-packs:media.found')} className={classes['places']}>
            <span>{t('install-packs:media.found')}</span>
            {places.data.map(place => <Button key={place.folder} variant="default" size="compact-sm" aria-pressed={place.folder === path} onClick={() => { setPath(place.folder); media.reset() }}><bdi dir="ltr" className="code">{place.folder}</bdi></Button>)}
          </div>
        )}
        <TextInput label={t('install-packs:media.folder')} description={t('install-packs:media.hint')} placeholder="/media/stick" dir="ltr" value={path} error={asked && empty ? t('schema-form:error.needed') : null} withAsterisk autoFocus
          autoComplete="off" spellCheck={false} onChange={event => { setPath(event.currentTarget.value); media.reset() }} />
        {media.error !== null && <RefusalAlert error={media.error} />}
        <div><Button type="submit" loading={media.isPending}>{t('install-packs:media.open')}</Button></div>
      </form>
      <AcceptExpiredForm error={media.error} pending={media.isPending} onAccept={acceptExpired => { media.mutate({ folder: path.trim(), acceptExpired }) }} />
    </>
  )
}
