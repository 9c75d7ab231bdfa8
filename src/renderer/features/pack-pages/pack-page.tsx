import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePackScreens } from '../../app/pack-ui.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import { PackDetailPage } from './pack-detail.tsx'
import { PackListPage } from './pack-list.tsx'

/** A page that a pack declares, drawn by the console. */
export function PackPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, pack: id, page: name } = useParams({ from: '/t/$tenant/p/$pack/$page' })
  const { packs, known, error, refetch } = usePackScreens()
  const pack = packs.find(each => each.pack === id)
  const page = pack?.ui?.pages?.find(each => each.id === name)
  if (!known) return error === null ? <LoadingLines /> : <ErrorState error={error} onRetry={refetch} />
  if (pack === undefined || page === undefined) {
    return <EmptyState title={t('pack-pages:unknown.title', { page: `${id}/${name}` })} text={t('pack-pages:unknown.text')} action={{ label: t('common:goTo.orders'), to: '/t/$tenant/orders', params: { tenant } }} />
  }
  const key = `${pack.pack} ${pack.version} ${page.id}`
  return page.kind === 'list' ? <PackListPage key={key} tenant={tenant} pack={pack} page={page} /> : <PackDetailPage key={key} tenant={tenant} pack={pack} page={page} />
}
