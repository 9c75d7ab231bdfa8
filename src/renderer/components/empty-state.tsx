import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './states.module.css'

/** What would be here, and the first step towards it. */
export function EmptyState({ title, text, action, children }: {
  title: string; text: string; action?: { label: string; to: string; params?: Record<string, string> } | { label: string; onClick: () => void }; children?: ReactNode
}): ReactNode {
  return (
    <div className={classes['state']}>
      <h2 className={classes['title']}>{title}</h2>
      <p className={classes['text']}>{text}</p>
      {action !== undefined && 'to' in action && <Button renderRoot={props => <Link {...props} to={action.to} params={action.params ?? {}} />}>{action.label}</Button>}
      {action !== undefined && 'onClick' in action && <Button onClick={action.onClick}>{action.label}</Button>}
      {children}
    </div>
  )
}
