import { Button, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand } from '../../app/queries.ts'
import { roleName } from '../../app/role-names.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import { PackText } from '../../components/pack-text.tsx'
import { Code, Time } from '../../components/values.tsx'
import { Actor } from '../../components/actor.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

type Stage = OrderPageData['approvals'][number]

const TONES: Readonly<Record<Stage['state'], Tone>> = { waiting: 'neutral', open: 'info', approved: 'ok', rejected: 'bad' }

/** Stages of the approval, who may decide, what was decided and why. */
export function ApprovalsTab({ tenant, page, onRefused }: { tenant: string; page: OrderPageData; onRefused: (error: Error | null) => void }): ReactNode {
  const { t } = useTranslation()
  const { approval, pricing } = page.decisions
  const part = approval?.receipt.parts[0]
  const scale = pricing?.currency === undefined || pricing.exponent === undefined ? null : { currency: pricing.currency, exponent: pricing.exponent }
  return (
    <>
      {approval === null
        ? <p className={`dim ${classes['plain']}`}>{t('order:approval.notYet')}</p>
        : (
          <section>
            <p className={classes['plain']}>{t(`order:approval.outcome.${approval.outcome}`)}</p>
            {approval.explanation.map((each, index) => <p key={index} className={classes['plain']}><PackText pack={part?.pack ?? ''} code={each.code} values={each.values} scale={scale} /></p>)}
            {part !== undefined && <Code quiet>{`${part.pack} ${part.version}`}</Code>}
          </section>
        )}
      <ol className={classes['stages']}>
        {page.approvals.map(stage => (
          <li key={stage.id} className={classes['stage']} data-open={stage.state === 'open' || undefined}>
            <div className={classes['row']}>
              <strong>{stage.id}</strong><Badge tone={TONES[stage.state]}>{t(`order:approval.state.${stage.state}`)}</Badge>
              <span className="dim small">{t('order:approval.role', { role: roleName(stage.role, t) })}</span>
              {stage.quorum > 1 && <span className="dim small">{t('order:approval.quorum', { given: Math.min(stage.decided.length, stage.quorum), quorum: stage.quorum })}</span>}
              {stage.apart && <span className="dim small">{t('order:approval.apart')}</span>}
            </div>
            {stage.decided.map((each, index) => (
              <div key={index}>
                <div className="small dim"><Actor who={each.by} /> · <Time value={each.at} /></div>
                {each.reason !== null && <blockquote className={classes['plain']}><bdi>{each.reason}</bdi></blockquote>}
              </div>
            ))}
            {stage.state === 'open' && (stage.mayDecide ? <Decide tenant={tenant} page={page} stage={stage} onRefused={onRefused} /> : <p className={`small ${classes['plain']}`}>{t(stage.quorum > 1 || stage.apart ? 'order:approval.notYouNow' : 'order:approval.notYou', { role: roleName(stage.role, t) })}</p>)}
          </li>
        ))}
      </ol>
    </>
  )
}

/** What is refused is shown by the page: the stage itself may be gone by then, and the person must be told all the same. */
function Decide({ tenant, page, stage, onRefused }: { tenant: string; page: OrderPageData; stage: Stage; onRefused: (error: Error | null) => void }): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [needed, setNeeded] = useState(false)
  const { id, revision, reference } = page.order
  const told = (what: 'approved' | 'rejected') => () => { notifications.show({ color: 'green', message: t(`order:approval.done.${what}`, { reference, stage: stage.id }) }) }
  const approve = useCommand('approve-order', told('approved'))
  const reject = useCommand('reject-order', told('rejected'))
  const busy = approve.isPending || reject.isPending
  return (
    <>
      <Textarea label={t('order:approval.reason')} value={reason} autosize minRows={2} error={needed ? t('order:approval.reasonNeeded') : null}
        onChange={event => { setReason(event.currentTarget.value); setNeeded(false) }} />
      <div className={classes['row']}>
        <Button loading={approve.isPending} disabled={busy} onClick={() => { onRefused(null); approve.mutate({ tenant, orderId: id, revision, stage: stage.id, invocation: invocation(reason) }, { onError: onRefused }) }}>{t('order:approval.approve', { stage: stage.id })}</Button>
        {page.actions.includes('reject-order') && (
          <Button variant="default" color="red" loading={reject.isPending} disabled={busy} onClick={() => {
            if (reason.trim() === '') { setNeeded(true); return }
            onRefused(null)
            reject.mutate({ tenant, orderId: id, revision, invocation: invocation(reason) }, { onError: onRefused })
          }}>{t('order:action.reject-order')}</Button>
        )}
      </div>
    </>
  )
}
