import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTenant } from '../app/session.tsx'
import classes from './order-reference.module.css'

interface OrderReferenceProps {
  readonly order: string
  readonly reference: string
  /** In a list that is walked by the arrow keys, where Enter opens: Tab goes past it. */
  readonly inList?: boolean
}

/** An order by the reference that its buyer gave it, as a way to its page. */
export function OrderReference({ order, reference, inList = false }: OrderReferenceProps): ReactNode {
  const { tenant } = useTenant()
  return <Link to="/t/$tenant/orders/$order" params={{ tenant, order }} tabIndex={inList ? -1 : undefined} className={classes['reference'] ?? ''}><bdi dir="ltr">{reference}</bdi></Link>
}
