import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'

/** Who did it, as a person says it: oneself, a colleague, a pack, the engine, or somebody at the command line. */
export function Actor({ who }: { who: QueryOutput<'job'>['startedBy'] }): ReactNode {
  const { t } = useTranslation()
  const { user } = useTenant()
  if (who.kind === 'engine') return <>{t('order:actor.engine', { part: who.name })}</>
  if (who.name === null) return <>{t('order:actor.gone', { id: who.id.slice(-6) })}</>
  if (who.id === user.id) return <>{t('order:actor.you', { name: who.name })}</>
  return who.kind === 'cli' ? <>{t('order:actor.cli', { name: who.name })}</> : <bdi>{who.name}</bdi>
}
