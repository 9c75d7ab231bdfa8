import { Button, FileButton, Progress } from '@mantine/core'
import { useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../app/use-format.ts'
import type { Uploading } from './use-upload.ts'
import classes from './import.module.css'

const ACCEPT = '.csv,.tsv,.txt,.xml,.gz'

/** A place to drop files on, with a button for whoever does not drag. */
export function DropZone({ title, text, button, multiple, onFiles }: { title: string; text: string; button: string; multiple: boolean; onFiles: (files: readonly File[]) => void }): ReactNode {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    onFiles([...event.dataTransfer.files])
  }
  return (
    <div className={classes['drop']} data-over={over || undefined} onDrop={drop} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => { setOver(false) }}>
      <h2>{title}</h2>
      <p>{text}</p>
      <FileButton multiple={multiple} accept={ACCEPT} onChange={(files: File | File[] | null) => { onFiles(files === null ? [] : Array.isArray(files) ? files : [files]) }}>
        {props => <Button {...props}>{button}</Button>}
      </FileButton>
    </div>
  )
}

/** How far handing in is; a cancel drops what the engine has of the file. */
export function UploadBox({ uploading, onCancel }: { uploading: Uploading; onCancel: () => void }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { progress } = uploading
  const share = progress === null || progress.total === 0 ? 0 : progress.sent / progress.total
  return (
    <div className={classes['upload']}>
      <div className={classes['line']}>
        <strong><bdi>{uploading.name}</bdi></strong>
        <Button variant="default" onClick={onCancel}>{t('import:upload.cancel')}</Button>
      </div>
      <Progress value={share * 100} aria-label={t('import:upload.progress', { name: uploading.name })} />
      <div className="small dim num" role="status">
        {progress?.waiting === true
          ? t('import:upload.waiting')
          : progress !== null && <>
              {t('import:upload.sent', { sent: format.bytes(progress.sent), total: format.bytes(progress.total) })}
              {progress.bytesPerSecond !== null && <> · {t('import:upload.rate', { rate: format.bytes(progress.bytesPerSecond) })}</>}
            </>}
      </div>
    </div>
  )
}
