import { Button, Progress, TextInput } from '@mantine/core'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { FolderDropZone } from '../../components/drop-zone.tsx'
import type { FolderFile } from '../../components/dropped-files.ts'
import { RefusalAlert } from '../../components/refusal.tsx'
import { zipFiles } from '../../components/zip-files.ts'
import { AcceptExpiredForm } from './accept-expired.tsx'
import { handInMedia } from './hand-in.ts'
import classes from './install-packs.module.css'
import { mediaFiles } from './media-files.ts'
import { useOpenMedia } from './media.ts'

const KEY = 'keelson.media'

/** First step: where the media lies, as the machine of the site sees it. */
export function MediaStep({ folder, onChosen }: { folder: string; onChosen: (folder: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [path, setPath] = useState(folder === '' ? localStorage.getItem(KEY) ?? '' : folder)
  const [asked, setAsked] = useState(false)
  const handed = useRef<string | null>(null)
  const media = useOpenMedia(opened => {
    // What was dropped lies in a folder that goes; the next media will be another.
    if (opened.folder !== handed.current) localStorage.setItem(KEY, path.trim())
    onChosen(opened.folder)
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
      <DropMedia onHanded={folder => { handed.current = folder; setPath(folder); media.mutate({ folder }) }} />
    </>
  )
}

/** What is in it, where a zip was dropped. */
async function opened(dropped: readonly FolderFile[]): Promise<readonly FolderFile[]> {
  const [only, ...others] = dropped
  if (only === undefined || others.length > 0 || !/\.zip$/i.test(only.path)) return dropped
  return await zipFiles(only.file) ?? []
}

/** For whoever sits elsewhere than the site: the media is handed in, and lies on the site from then on like a stick. */
function DropMedia({ onHanded }: { onHanded: (folder: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [share, setShare] = useState<number | null>(null)
  const [none, setNone] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const take = async (dropped: Promise<readonly FolderFile[]>): Promise<void> => {
    setNone(false)
    setProblem(null)
    try {
      const files = mediaFiles(await opened(await dropped))
      if (files.length === 0) {
        setNone(true)
        return
      }
      setShare(0)
      onHanded(await handInMedia(files, setShare))
    } catch (error) {
      setProblem(error)
    } finally {
      setShare(null)
    }
  }
  return (
    <div className={classes['narrow']}>
      <FolderDropZone title={t('install-packs:drop.title')} text={t('install-packs:drop.text')} button={t('install-packs:drop.choose')} zip={t('install-packs:drop.chooseZip')} onFiles={dropped => { void take(dropped) }} />
      {share !== null && <Progress value={share * 100} aria-label={t('install-packs:drop.progress')} />}
      {none && <p role="alert" className={classes['plain']}>{t('install-packs:drop.none')}</p>}
      {problem !== null && <RefusalAlert error={problem} />}
    </div>
  )
}
