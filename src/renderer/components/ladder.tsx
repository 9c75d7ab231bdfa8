import type { ReactNode } from 'react'
import classes from './ladder.module.css'

export interface Rung {
  readonly id: string
  readonly text: ReactNode
  /** What this rung changed, already formatted. */
  readonly change?: ReactNode
  /** What stands after it, already formatted. */
  readonly after?: ReactNode
  /** Rule, pack and version. */
  readonly source?: ReactNode
  /** Sums stand out. */
  readonly strong?: boolean
}

/** From list price to what is to be paid, one rule a rung. */
export function Ladder({ label, headings, rungs }: { label: string; headings: { rule: string; change: string; after: string }; rungs: readonly Rung[] }): ReactNode {
  const amounts = rungs.some(rung => rung.change != null || rung.after != null)
  return (
    <table className={classes['ladder']} aria-label={label}>
      <thead className={amounts ? undefined : 'sr-only'}><tr><th scope="col">{headings.rule}</th>{amounts && <><th scope="col">{headings.change}</th><th scope="col">{headings.after}</th></>}</tr></thead>
      <tbody>
        {rungs.map(rung => (
          <tr key={rung.id} data-strong={rung.strong || undefined}>
            <td><div>{rung.text}</div>{rung.source !== undefined && <div className={classes['source']}>{rung.source}</div>}</td>
            {amounts && <><td className={classes['amount']}>{rung.change}</td><td className={classes['amount']}>{rung.after}</td></>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
