import { Button, Modal, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, issue } from '../../app/queries.ts'
import { shownRefusal, type ShownRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import type { OrderRow } from './use-order-list.ts'

const AT_ONCE = 8
const ENDED = new Set(['confirmed', 'fulfilled', 'closed', 'rejected', 'cancelled'])

/** What can be done with the selection; each order is its own command, and each refusal is told. */
export function BulkActions({ tenant, rows, onDone }: { tenant: string; rows: readonly OrderRow[]; onDone: () => void }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const [asking, setAsking] = useState(false)
  const [working, setWorking] = useState(false)
  const stuck = rows.filter(row => row.needsAttention !== null)
  const open = rows.filter(row => !ENDED.has(row.state))

  const run = async (what: 'retry-order' | 'cancel-order', on: readonly OrderRow[], reason?: string): Promise<void> => {
    setWorking(true)
    const refused: { row: OrderRow; refusal: ShownRefusal }[] = []
    const queue = [...on]
    const worker = async (): Promise<void> => {
      for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
        try {
          await issue(what, { tenant, orderId: row.id, revision: row.revision, invocation: invocation(reason) })
        } catch (error) {
          refused.push({ row, refusal: shownRefusal(error, t) })
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    setWorking(false)
    setAsking(false)
    notifications.show({
      color: refused.length === 0 ? 'green' : 'red', autoClose: refused.length === 0 ? 4000 : false,
      title: t(`orders:bulk.${what}.done`, { count: on.length - refused.length }),
      message: refused.length === 0 ? '' : `${t('orders:bulk.refused', { count: refused.length })} ${refused.slice(0, 3).map(each => `${each.row.reference}: ${each.refusal.message}`).join(' ')}`,
    })
    onDone()
  }
  return (
    <>
      {may('failures.replay') && <Button variant="default" disabled={stuck.length === 0} loading={working && !asking} onClick={() => { void run('retry-order', stuck) }}>{t('orders:bulk.retry-order.action', { count: stuck.length })}</Button>}
      {may('orders.cancel') && <Button variant="default" color="red" disabled={open.length === 0 || working} onClick={() => { setAsking(true) }}>{t('orders:bulk.cancel-order.action', { count: open.length })}</Button>}
      <CancelDialog count={open.length} opened={asking} working={working} onClose={() => { setAsking(false) }} onCancel={reason => { void run('cancel-order', open, reason) }} />
    </>
  )
}

function CancelDialog({ count, opened, working, onClose, onCancel }: { count: number; opened: boolean; working: boolean; onClose: () => void; onCancel: (reason: string) => void }): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} title={t('orders:bulk.cancel-order.action', { count })} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <p style={{ marginTop: 0 }}>{t('orders:bulk.cancel-order.consequence', { count })}</p>
      <Textarea label={t('common:reason')} value={reason} onChange={event => { setReason(event.currentTarget.value) }} autosize minRows={2} data-autofocus />
      <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginBlockStart: 16 }}>
        <Button variant="default" onClick={onClose}>{t('orders:bulk.keep')}</Button>
        <Button color="red" loading={working} onClick={() => { onCancel(reason) }}>{t('orders:bulk.cancel-order.action', { count })}</Button>
      </div>
    </Modal>
  )
}
