import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery } from '../../app/queries.ts'
import { RefusalBox } from '../../components/refusal.tsx'

/** What the catalog itself has wrong with it, where there is anything: nothing that a profile could mend. */
export function CatalogFaults(): ReactNode {
  const { t, i18n } = useTranslation()
  const { data } = useEngineQuery('catalog-check', { locale: i18n.language }, { staleMs: 60_000 })
  return data?.findings.map(({ code, capability, constraints }) => {
    const names = constraints.map(({ name }) => name).join(t('settings:listComma'))
    return (
      <RefusalBox key={`${code} ${capability ?? ''} ${names}`} tone="warn" refusal={{
        code: 'KS-CATALOG-CHECK', message: t(`catalog:fault.${code}`, { capability: capability ?? '', constraints: names, count: constraints.length }), remedy: constraints.map(({ because }) => because).join(' '),
      }} />
    )
  })
}
