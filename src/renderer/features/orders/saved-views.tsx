import { ActionIcon, Button, Menu, Modal, TextInput } from '@mantine/core'
import { IconBookmark, IconBookmarkFilled, IconCheck } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { parseSearch, stringifySearch } from '../../app/search-params.ts'
import type { OrdersSearch } from './routes.tsx'

interface SavedView {
  readonly name: string
  /** Filters, order and columns as they stand in the address. */
  readonly query: string
}

const keyOf = (tenant: string): string => `keelson.views.${tenant}`

function isView(value: unknown): value is SavedView {
  return typeof value === 'object' && value !== null && 'name' in value && 'query' in value && typeof value.name === 'string' && typeof value.query === 'string'
}

function read(tenant: string): readonly SavedView[] {
  const kept: unknown = JSON.parse(localStorage.getItem(keyOf(tenant)) ?? '[]')
  return Array.isArray(kept) ? kept.filter(isView) : []
}

/** Views of the list that this person keeps on this machine, by name. What is selected is no part of a view. */
export function SavedViews({ tenant, search, onShow }: { tenant: string; search: OrdersSearch; onShow: (query: Record<string, string>) => void }): ReactNode {
  const { t } = useTranslation()
  const [views, setViews] = useState(() => read(tenant))
  const [naming, setNaming] = useState(false)
  const now = stringifySearch({ ...search, sel: undefined, peek: undefined })
  const current = views.find(view => view.query === now)
  const keep = (next: readonly SavedView[]): void => {
    localStorage.setItem(keyOf(tenant), JSON.stringify(next))
    setViews(next)
  }
  return (
    <>
      <Menu width={260}>
        <Menu.Target>
          <ActionIcon aria-label={t('orders:views.title')} title={t('orders:views.title')}>{current === undefined ? <IconBookmark size={16} /> : <IconBookmarkFilled size={16} />}</ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>{t('orders:views.none')}</Menu.Label>}
          {views.map(view => <Menu.Item key={view.name} rightSection={view === current ? <IconCheck size={14} aria-label={t('common:frame.current')} /> : null} onClick={() => { onShow(parseSearch(view.query)) }}><bdi>{view.name}</bdi></Menu.Item>)}
          <Menu.Divider />
          {current === undefined
            ? <Menu.Item onClick={() => { setNaming(true) }}>{t('orders:views.save')}</Menu.Item>
            : <Menu.Item onClick={() => { keep(views.filter(view => view !== current)) }}>{t('orders:views.remove', { name: current.name })}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <NameDialog opened={naming} onClose={() => { setNaming(false) }} onName={name => {
        keep([...views.filter(view => view.name !== name), { name, query: now }].toSorted((a, b) => a.name.localeCompare(b.name)))
        setNaming(false)
      }} />
    </>
  )
}

function NameDialog({ opened, onClose, onName }: { opened: boolean; onClose: () => void; onName: (name: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} title={t('orders:views.save')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form onSubmit={event => { event.preventDefault(); if (name.trim() !== '') onName(name.trim()) }}>
        <TextInput label={t('orders:views.name')} description={t('orders:views.text')} value={name} maxLength={60} data-autofocus onChange={event => { setName(event.currentTarget.value) }} />
        <div style={{ display: 'flex', justifyContent: 'flex-end', marginBlockStart: 16 }}><Button type="submit">{t('orders:views.save')}</Button></div>
      </form>
    </Modal>
  )
}
