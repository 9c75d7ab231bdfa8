import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../app/session.tsx'

/** Who did it, as a person says it: oneself, the engine, the command line, or a name. */
export function Actor({ id }: { id: string }): ReactNode {
  const { t } = useTranslation()
  const { user } = useTenant()
  if (id === user.id || id === user.name) return <>{t('order:actor.you', { name: user.name })}</>
  const [kind, rest] = id.includes(':') ? [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)] : ['user', id]
  if (kind === 'system') return <>{t('order:actor.system', { part: rest })}</>
  if (kind === 'cli') return <>{t('order:actor.cli', { name: rest })}</>
  return <bdi>{rest}</bdi>
}
