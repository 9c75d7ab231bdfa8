import { SegmentedControl } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryInput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ProfileChanges, ProfileDiff } from '../../components/profile-changes.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import classes from './profile-versions.module.css'
import { VIEWS, type View } from './routes.tsx'

type Side = QueryInput<'compare-profile-versions'>['before']

/** One profile beside another: in words, line by line, or the later one as it stands. */
export function Comparison({ before, after, document, view, onView }: { before: Side | null; after: Side; document: string; view: View; onView: (view: View) => void }): ReactNode {
  const { t } = useTranslation()
  const views: readonly View[] = before === null ? ['document'] : VIEWS
  const shown = views.includes(view) ? view : 'document'
  return (
    <div className={classes['comparison']}>
      {views.length > 1 && <SegmentedControl size="sm" value={shown} aria-label={t('profile-versions:view')} data={views.map(value => ({ value, label: t(`profile-versions:viewName.${value}`) }))} onChange={value => { onView(VIEWS.find(each => each === value) ?? 'words') }} />}
      {shown === 'document' || before === null ? <Document text={document} /> : <Compared before={before} after={after} view={shown} />}
    </div>
  )
}

function Compared({ before, after, view }: { before: Side; after: Side; view: View }): ReactNode {
  const { tenant } = useTenant()
  const { data, error } = useEngineQuery('compare-profile-versions', { tenant, before, after })
  if (data === undefined) return error === null ? <LoadingLines lines={6} /> : <RefusalAlert error={error} />
  return view === 'words' ? <ProfileChanges changes={data.changes} /> : <ProfileDiff lines={data.lines} cut={data.cut} />
}

function Document({ text }: { text: string }): ReactNode {
  const { t } = useTranslation()
  return <pre className={`code ${classes['document'] ?? ''}`} dir="ltr" tabIndex={0} role="region" aria-label={t('profile-versions:viewName.document')}>{text}</pre>
}
