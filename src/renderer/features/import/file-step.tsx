import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { ButtonLink } from '../../components/button-link.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { DropZone } from '../../components/drop-zone.tsx'
import { ORDER_FILES, UploadBox } from './upload-box.tsx'
import { keepDraft, type ImportDraft } from './import-draft.ts'
import { useUpload } from './use-upload.ts'
import classes from './import.module.css'

/** First step: hand a file in. More than one at once: the first is the file, the others stand beside it. */
export function FileStep({ draft }: { draft: ImportDraft | null }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const format = useFormat()
  const navigate = useNavigate()
  const { uploading, error, start, cancel } = useUpload(([file, ...companions]) => {
    if (file === undefined) return
    keepDraft({ file, companions, mapping: null, confirmed: [] })
    void navigate({ to: '/t/$tenant/import', params: { tenant }, search: { step: 'recognised', upload: file.uploadId } })
  })
  return (
    <div className={classes['narrow']}>
      {uploading === null
        ? <DropZone accept={ORDER_FILES} multiple title={t('import:file.title')} text={t('import:file.text')} button={t('import:file.choose')} onFiles={start} />
        : <UploadBox uploading={uploading} onCancel={cancel} />}
      <RefusalAlert error={error} />
      {draft !== null && uploading === null && (
        <div className={classes['upload']}>
          <div className={classes['line']}>
            <span>{t('import:file.handedIn', { name: draft.file.name, size: format.bytes(draft.file.bytes) })}</span>
            <ButtonLink to="/t/$tenant/import" params={{ tenant }} search={{ step: 'recognised', upload: draft.file.uploadId }}>{t('import:file.goOn')}</ButtonLink>
          </div>
        </div>
      )}
      <p className="dim small">{t('import:file.twice')}</p>
    </div>
  )
}
