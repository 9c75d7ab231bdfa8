import type { ReactNode } from 'react'
import type { QueryOutput } from '../../app/queries.ts'
import { Actor } from '../../components/actor.tsx'
import { Code, Time } from '../../components/values.tsx'
import classes from './profile-versions.module.css'

/** Remarks that were made on the draft, with the place that each is about. */
export function Comments({ comments }: { comments: QueryOutput<'profile-version'>['comments'] }): ReactNode {
  return (
    <ul className={classes['comments']}>
      {comments.map(({ id, path, text, by, at }) => (
        <li key={id}>
          <p className={classes['plain']}><bdi>{text}</bdi></p>
          <div className="dim small">{path !== '' && <><Code quiet>{path}</Code> · </>}<Actor who={by} /> · <Time value={at} /></div>
        </li>
      ))}
    </ul>
  )
}
