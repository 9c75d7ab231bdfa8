import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { ButtonLink } from '../../components/button-link.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState, RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { DropZone } from '../../components/drop-zone.tsx'
import { ORDER_FILES, UploadBox } from './upload-box.tsx'
import { keepDraft, type ImportDraft } from './import-draft.ts'
import { blankMapping, missingFields, openGuesses, type Mapping } from './mapping-fields.ts'
import { MappingForm } from './mapping-form.tsx'
import { PreviewTable } from './preview-table.tsx'
import { useUpload } from './use-upload.ts'
import classes from './import.module.css'

type Recognised = QueryOutput<'recognise-import'>

/** Second step: what the file seems to be, ten real rows, and the mapping beside them. */
export function RecognisedStep({ draft }: { draft: ImportDraft }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const found = useEngineQuery('recognise-import', { tenant, uploadId: draft.file.uploadId }, { staleMs: Infinity })
  if (found.data === undefined) {
    return found.error === null
      ? <LoadingLines />
      : <ErrorState error={found.error} onRetry={() => { void found.refetch() }} />
  }
  if (found.data.format === 'unknown' && found.data.columns.length === 0) {
    return (
      <EmptyState title={t('import:unknown.title', { name: draft.file.name })} text={found.data.problems.length > 0 ? '' : t('import:unknown.text')}>
        <Problems problems={found.data.problems} />
        <ButtonLink to="/t/$tenant/import" params={{ tenant }}>{t('import:unknown.action')}</ButtonLink>
      </EmptyState>
    )
  }
  return <Recognition draft={draft} found={found.data} />
}

function Recognition({ draft, found }: { draft: ImportDraft; found: Recognised }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant } = useTenant()
  const navigate = useNavigate()
  const csv = found.format !== 'ubl'
  const mapping: Mapping | null = csv ? draft.mapping ?? found.mapping ?? blankMapping(draft.file.name) : null
  const missing = mapping === null ? [] : missingFields(mapping)
  const guesses = mapping === null ? [] : openGuesses(mapping, found.confidence, draft.confirmed)
  const needsCompanion = found.needsCompanion !== null && draft.companions.length === 0
  const confirm = (paths: readonly string[]): void => { keepDraft({ ...draft, confirmed: [...new Set([...draft.confirmed, ...paths])] }) }
  const change = (next: Mapping, touched?: string): void => {
    keepDraft({ ...draft, mapping: next, confirmed: touched === undefined ? draft.confirmed : [...new Set([...draft.confirmed, touched])] })
  }
  const goOn = (): void => {
    confirm(guesses.map(field => field.path))
    void navigate({ to: '/t/$tenant/import', params: { tenant }, search: { step: 'dry-run', upload: draft.file.uploadId } })
  }
  const why = needsCompanion ? t('import:why.companion', { name: found.needsCompanion }) : missing.length > 0 ? t('import:why.missing', { count: missing.length }) : null
  return (
    <>
      <div>
        <strong><bdi>{draft.file.name}</bdi></strong> <span className="dim num">{format.bytes(draft.file.bytes)}</span>
        <p style={{ margin: 0 }}>{recognisedAs(found, draft, t)}</p>
      </div>
      <Problems problems={found.problems} />
      {found.needsCompanion !== null && <Companion draft={draft} name={found.needsCompanion} />}
      {mapping === null
        ? found.columns.length > 0 && <PreviewTable columns={found.columns} rows={found.rows} mapping={null} />
        : (
          <div className={classes['split']}>
            <PreviewTable columns={found.columns} rows={found.rows} mapping={mapping} />
            <MappingForm mapping={mapping} columns={found.columns} confidence={found.confidence} confirmed={draft.confirmed} onChange={change} onConfirm={path => { confirm([path]) }} />
          </div>
        )}
      <div className={classes['foot']}>
        <ButtonLink variant="default" to="/t/$tenant/import" params={{ tenant }} search={{ step: 'file', upload: draft.file.uploadId }}>{t('import:back')}</ButtonLink>
        <Button onClick={goOn} disabled={why !== null}>{guesses.length > 0 ? t('import:confirmAndDryRun', { count: guesses.length }) : t('import:doDryRun')}</Button>
        {draft.mapping !== null && found.mapping !== null && <Button variant="subtle" onClick={() => { keepDraft({ ...draft, mapping: null, confirmed: [] }) }}>{t('import:mapping.reset')}</Button>}
        <span className={classes['why']} role="status">{why ?? t('import:why.nothingStored')}</span>
      </div>
    </>
  )
}

function recognisedAs(found: Recognised, draft: ImportDraft, t: ReturnType<typeof useTranslation>['t']): string {
  if (found.format === 'ubl') return t('import:recognised.ubl')
  if (found.mapName !== null && draft.mapping === null) {
    const title = found.mapping?.['title']
    return t('import:recognised.map', { map: typeof title === 'string' ? title : found.mapName })
  }
  if (draft.mapping !== null) return t('import:recognised.edited')
  return t(found.mapping === null ? 'import:recognised.nothing' : 'import:recognised.guess')
}

function Problems({ problems }: { problems: Recognised['problems'] }): ReactNode {
  const { t } = useTranslation()
  return problems.map((problem, index) => <RefusalBox key={index} tone="warn" refusal={translateRefusal(problem, t)} />)
}

/** The second file of a pair. */
function Companion({ draft, name }: { draft: ImportDraft; name: string }): ReactNode {
  const { t } = useTranslation()
  const { uploading, error, start, cancel } = useUpload(files => { keepDraft({ ...draft, companions: files }) })
  if (uploading !== null) return <UploadBox uploading={uploading} onCancel={cancel} />
  if (draft.companions.length > 0) {
    return (
      <div className={classes['upload']}>
        <div className={classes['line']}>
          <span>{t('import:companion.here', { names: draft.companions.map(file => file.name).join(', ') })}</span>
          <Button variant="default" onClick={() => { keepDraft({ ...draft, companions: [] }) }}>{t('import:companion.other')}</Button>
        </div>
      </div>
    )
  }
  return (
    <>
      <DropZone accept={ORDER_FILES} multiple={false} title={t('import:companion.title', { name })} text={t('import:companion.text', { file: draft.file.name })} button={t('import:companion.choose', { name })} onFiles={start} />
      <RefusalAlert error={error} />
    </>
  )
}
