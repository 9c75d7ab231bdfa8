import { Button, Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../app/use-format.ts'
import type { Uploading } from './use-upload.ts'
import classes from './import.module.css'

/** Endings of the files that orders come in. */
export const ORDER_FILES = '.csv,.tsv,.txt,.xml,.gz'

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
