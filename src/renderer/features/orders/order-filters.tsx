import { Autocomplete, Button, Select, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ORDER_STATES, type OrderState } from '#engine/core/orders/order-state.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useFormat } from '../../app/use-format.ts'
import { SearchBox } from '../../components/search-box.tsx'
import classes from './orders.module.css'
import { isFiltered, NO_FILTERS, SORTS, type OrdersSearch } from './routes.tsx'

type Change = (next: Partial<{ [K in keyof OrdersSearch]: OrdersSearch[K] | undefined }>, replace?: boolean) => void

/** Search as you type, states with their counts, attention, account, branch and order of the list; all of it in the URL. */
export function OrderFilters({ tenant, search, onChange }: { tenant: string; search: OrdersSearch; onChange: Change }): ReactNode {
  const { t } = useTranslation()
  const box = useRef<HTMLInputElement>(null)
  const firstFilter = useRef<HTMLButtonElement>(null)
  useShortcuts(useMemo(() => [
    { keys: '/', label: t('common:shortcut.search'), group: 'list' as const, run: () => { box.current?.focus(); box.current?.select() } },
    { keys: 'f', label: t('common:shortcut.filter'), group: 'list' as const, run: () => { firstFilter.current?.focus() } },
  ], [t]))
  const organisation = useEngineQuery('organisation', { tenant }, { staleMs: 300_000 })
  const counts = useEngineQuery('order-counts', { tenant }, { keepPrevious: true })
  return (
    <>
      <SearchBox ref={box} label={t('orders:filter.search')} hint={t('orders:filter.searchHint')} value={search.q ?? ''} onChange={q => { onChange({ q: q === '' ? undefined : q, sel: undefined }) }} />
      <AccountBox tenant={tenant} value={search.account ?? ''} onChange={account => { onChange({ account: account === '' ? undefined : account, sel: undefined }) }} />
      {(organisation.data?.length ?? 0) > 1 && (
        <Select w="11rem" clearable aria-label={t('orders:filter.org')} placeholder={t('orders:filter.org')} value={search.org ?? null}
          data={organisation.data?.map(node => ({ value: node.path, label: `${' '.repeat((node.path.split('/').length - 2) * 2)}${node.name}` })) ?? []}
          onChange={org => { onChange({ org: org ?? undefined, sel: undefined }) }} />
      )}
      <Select w="10.5rem" allowDeselect={false} aria-label={t('orders:filter.sort')} value={search.sort ?? 'newest'} data={SORTS.map(sort => ({ value: sort, label: t(`orders:sort.${sort}`) }))}
        onChange={sort => { onChange({ sort: SORTS.find(each => each === sort && each !== 'newest') }) }} />
      {isFiltered(search) && <Button variant="subtle" leftSection={<IconX size={12} />} onClick={() => { onChange({ ...NO_FILTERS, sel: undefined }) }}>{t('orders:filter.clear')}</Button>}
      <StateChips ref={firstFilter} tenant={tenant} counts={counts.data} search={search} onChange={onChange} />
    </>
  )
}

function AccountBox({ tenant, value, onChange }: { tenant: string; value: string; onChange: (value: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  useEffect(() => { setTyped(value) }, [value])
  const [asked] = useDebouncedValue(typed, 120)
  const [open, setOpen] = useState(false)
  const accounts = useEngineQuery('accounts', { tenant, search: asked, limit: 12 }, { keepPrevious: true, enabled: open })
  return (
    <Autocomplete w="11rem" aria-label={t('orders:filter.account')} placeholder={t('orders:filter.account')} value={typed} onChange={setTyped} clearable
      onDropdownOpen={() => { setOpen(true) }} onFocus={() => { setOpen(true) }}
      data={accounts.data?.map(account => account.code) ?? []} filter={({ options }) => options}
      renderOption={({ option }) => <AccountOption account={accounts.data?.find(each => each.code === option.value)} code={option.value} />}
      onOptionSubmit={onChange} onClear={() => { onChange('') }}
      onKeyDown={event => { if (event.key === 'Enter') onChange(event.currentTarget.value.trim()) }}
      onBlur={() => { if (typed.trim() === '' && value !== '') onChange('') }} />
  )
}

function AccountOption({ account, code }: { account: QueryOutput<'accounts'>[number] | undefined; code: string }): ReactNode {
  return <span className="clip"><bdi dir="ltr" className="code">{code}</bdi>{account?.name !== undefined && account.name !== null && <span className="dim"> <bdi>{account.name}</bdi></span>}</span>
}

function StateChips({ ref, tenant, counts, search, onChange }: { ref: React.Ref<HTMLButtonElement>; tenant: string; counts: QueryOutput<'order-counts'> | undefined; search: OrdersSearch; onChange: Change }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const states = ORDER_STATES.filter(state => (counts?.states[state] ?? 0) > 0 || search.state?.includes(state) === true)
  const toggle = (state: OrderState): void => {
    const now = search.state ?? []
    const next = now.includes(state) ? now.filter(each => each !== state) : [...now, state]
    onChange({ state: next.length === 0 ? undefined : next, sel: undefined }, false)
  }
  const shown = (count: number): string => counts?.capped === true && count >= 1000 ? t('orders:filter.more', { count: format.number(1000) }) : format.number(count)
  return (
    <div className={classes['chips']} role="group" aria-label={t('orders:filter.states')}>
      <UnstyledButton ref={ref} className={classes['chip']} aria-pressed={search.state === undefined && search.attention === undefined}
        onClick={() => { onChange({ state: undefined, attention: undefined, sel: undefined }, false) }}>{t('orders:filter.all')}</UnstyledButton>
      <UnstyledButton className={classes['chip']} data-warn={(counts?.attention ?? 0) > 0 || undefined} aria-pressed={search.attention === true}
        onClick={() => { onChange({ attention: search.attention === true ? undefined : true, sel: undefined }, false) }}>
        {t('orders:filter.attention')} <b className="num">{shown(counts?.attention ?? 0)}</b>
      </UnstyledButton>
      {search.import !== undefined && <ImportChip tenant={tenant} job={search.import} onRemove={() => { onChange({ import: undefined, sel: undefined }, false) }} />}
      {states.map(state => (
        <UnstyledButton key={state} className={classes['chip']} aria-pressed={search.state?.includes(state) === true} onClick={() => { toggle(state) }}>
          {t(`common:orderState.${state}`)} <b className="num">{shown(counts?.states[state] ?? 0)}</b>
        </UnstyledButton>
      ))}
    </div>
  )
}

/** Says that only the orders of one import are shown, and takes that away. */
function ImportChip({ tenant, job, onRemove }: { tenant: string; job: string; onRemove: () => void }): ReactNode {
  const { t } = useTranslation()
  const { data } = useEngineQuery('job', { tenant, jobId: job }, { staleMs: 300_000 })
  return (
    <UnstyledButton className={classes['chip']} aria-pressed aria-label={t('orders:filter.importRemove', { name: data?.title ?? '…' })} onClick={onRemove}>
      {t('orders:filter.import')} <b><bdi>{data?.title ?? '…'}</bdi></b> <IconX size={12} aria-hidden />
    </UnstyledButton>
  )
}
