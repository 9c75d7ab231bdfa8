import { ActionIcon, Button, Menu, Modal, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

type Action = OrderPageData['actions'][number]
/** Approving has its own place, beside the stages. */
type Issued = Exclude<Action, 'approve-order' | 'amend-order'>

/** What one does next in the usual course; everything else is in the menu. */
const FORWARD: readonly Action[] = ['submit-order', 'confirm-order', 'fulfil-order', 'close-order']
/** These ask for a reason and say what is lost. */
const WITH_REASON: readonly Action[] = ['cancel-order', 'reject-order', 'recompose-order']

/** Commands that the person may issue on the order as it stands; `only` limits them, as buttons, to some. */
export function OrderActions({ tenant, page, only }: { tenant: string; page: OrderPageData; only?: readonly Action[] }): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { may } = useTenant()
  const [asking, setAsking] = useState<Issued | null>(null)
  const { run, pending, error, reset } = useOrderCommand(tenant, page, () => { setAsking(null) })
  const amend = (): void => { void navigate({ to: '/t/$tenant/new-order', params: { tenant }, search: { amend: page.order.id } }) }
  const start = (action: Action): void => {
    reset()
    if (action === 'amend-order') amend()
    else if (action === 'approve-order') void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: page.order.id }, search: { tab: 'approvals' } })
    else if (WITH_REASON.includes(action)) setAsking(action)
    else run(action, '')
  }
  const offered = page.actions.filter(action => action !== 'approve-order' && (only === undefined || only.includes(action)))
  const buttons = only === undefined ? offered.filter(action => FORWARD.includes(action)) : offered
  const golden = only === undefined && may('profiles.edit') && page.decisions.validation !== null
  const makeCase = useCommand('case-from-order', ({ title, cases, asRecorded }) => {
    notifications.show({ color: asRecorded ? 'green' : 'yellow', message: [t('order:case.done', { title, count: cases }), asRecorded ? '' : t('order:case.other')].join(' ') })
  })
  const rest = only === undefined ? offered.filter(action => !FORWARD.includes(action)) : []
  return (
    <>
      {page.actions.includes('approve-order') && only === undefined && <Button onClick={() => { start('approve-order') }}>{t('order:action.approve-order')}</Button>}
      {buttons.map((action, index) => <Button key={action} variant={index === 0 ? 'filled' : 'default'} loading={pending === action} onClick={() => { start(action) }}>{t(`order:action.${action}`)}</Button>)}
      {(rest.length > 0 || golden) && (
        <Menu>
          <Menu.Target><ActionIcon variant="default" aria-label={t('order:more')}><IconDots size={16} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            {rest.map(action => <Menu.Item key={action} {...(action === 'cancel-order' || action === 'reject-order' ? { color: 'red' } : {})} onClick={() => { start(action) }}>{t(`order:action.${action}`)}</Menu.Item>)}
            {golden && <Menu.Item onClick={() => { makeCase.mutate({ tenant, order: page.order.id, invocation: invocation() }) }}>{t('order:case.make')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      {asking === null && error !== null && <div className={classes['error']}><RefusalAlert error={error} tone="warn" /></div>}
      {makeCase.error !== null && <div className={classes['error']}><RefusalAlert error={makeCase.error} tone="warn" /></div>}
      <ReasonDialog action={asking} pending={pending !== null} error={error} reference={page.order.reference} onClose={() => { setAsking(null); reset() }} onRun={reason => { if (asking !== null) run(asking, reason) }} />
    </>
  )
}

function useOrderCommand(tenant: string, page: OrderPageData, onDone: () => void): { run: (action: Issued, reason: string) => void; pending: Issued | null; error: Error | null; reset: () => void } {
  const { t } = useTranslation()
  const { id, revision, reference } = page.order
  const done = (action: Issued) => () => {
    notifications.show({ color: 'green', message: t(`order:done.${action}`, { reference }) })
    onDone()
  }
  const commands = {
    'submit-order': useCommand('submit-order', done('submit-order')), 'cancel-order': useCommand('cancel-order', done('cancel-order')),
    'reject-order': useCommand('reject-order', done('reject-order')), 'confirm-order': useCommand('confirm-order', done('confirm-order')), 'fulfil-order': useCommand('fulfil-order', done('fulfil-order')),
    'close-order': useCommand('close-order', done('close-order')), 'retry-order': useCommand('retry-order', done('retry-order')),
    'recompose-order': useCommand('recompose-order', done('recompose-order')),
  } satisfies Record<Issued, unknown>
  const all = Object.entries(commands) as [Issued, (typeof commands)[Issued]][]
  return {
    run(action, reason) { commands[action].mutate({ tenant, orderId: id, revision, invocation: invocation(reason) }) },
    pending: all.find(([, command]) => command.isPending)?.[0] ?? null,
    error: all.find(([, command]) => command.error !== null)?.[1].error ?? null,
    reset() { for (const [, command] of all) command.reset() },
  }
}

function ReasonDialog({ action, reference, pending, error, onClose, onRun }: {
  action: Issued | null; reference: string; pending: boolean; error: Error | null; onClose: () => void; onRun: (reason: string) => void
}): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const dangerous = action === 'cancel-order' || action === 'reject-order'
  return (
    <Modal opened={action !== null} onClose={onClose} title={action === null ? '' : t(`order:action.${action}`)} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {action !== null && (
        <form className={classes['stages']} onSubmit={event => { event.preventDefault(); onRun(reason) }}>
          <p className={classes['plain']}>{t(`order:consequence.${action}`, { reference })}</p>
          <Textarea label={t('common:reason')} value={reason} onChange={event => { setReason(event.currentTarget.value) }} autosize minRows={2} data-autofocus required={dangerous} />
          <RefusalAlert error={error} tone="warn" />
          <div className={classes['row']} style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" onClick={onClose}>{t('order:keep')}</Button>
            <Button type="submit" {...(dangerous ? { color: 'red' } : {})} loading={pending} disabled={dangerous && reason.trim() === ''}>{t(`order:action.${action}`)}</Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
