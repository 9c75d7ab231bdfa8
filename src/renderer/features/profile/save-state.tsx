import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '../../components/badge.tsx'
import type { SaveStatus } from './draft-sync.ts'
import classes from './profile.module.css'
import type { ProfileDraft } from './use-profile-draft.ts'

const TONES: Readonly<Record<SaveStatus, Tone>> = { unchanged: 'neutral', unsaved: 'info', saving: 'info', saved: 'ok', failed: 'bad', conflict: 'bad' }

/** How it stands with the draft, always in sight. */
export function SaveState({ draft: { state }, active }: { draft: ProfileDraft; active: number }): ReactNode {
  const { t } = useTranslation()
  return (
    <span className={classes['saveState']} role="status">
      <Badge tone={TONES[state.status]}>{t(`profile-editor:save.${state.status}`, { version: active })}</Badge>
    </span>
  )
}
