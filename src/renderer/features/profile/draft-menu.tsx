import { ActionIcon, Menu } from '@mantine/core'
import { IconCheck, IconDots, IconDownload, IconFilePlus, IconListCheck, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, useCommand, type QueryOutput } from '../../app/queries.ts'
import { useFormat, useNow } from '../../app/use-format.ts'
import { saveFile } from '../../components/save-file.ts'
import { useEditor } from './editor-context.ts'
import type { ProfileDraft } from './use-profile-draft.ts'

/** The other drafts, a fresh one, and what else can be done with this one. */
export function DraftMenu({ drafts, draft: { state }, active, readOnly }: {
  drafts: QueryOutput<'profile-drafts'>['rows']; draft: ProfileDraft; active: QueryOutput<'profile'>; readOnly: boolean
}): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow()
  const { tenant, flush, work } = useEditor()
  const navigate = useNavigate()
  const open = (draft: string): void => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: before => ({ ...before, draft }) }) }
  const discard = useCommand('discard-profile-draft', () => { open('none') })
  return (
    <Menu width={320} position="bottom-end">
      <Menu.Target><ActionIcon variant="default" size="lg" aria-label={t('profile-editor:more')}><IconDots size={16} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        {!readOnly && <Menu.Label>{t('profile-editor:drafts')}</Menu.Label>}
        {drafts.map(each => (
          <Menu.Item key={each.id} onClick={() => { open(each.id) }} rightSection={each.id === state.draftId ? <IconCheck size={14} aria-label={t('common:frame.current')} /> : null}>
            {t('profile-editor:draftOf', { title: each.title, name: each.changedBy.name ?? each.changedBy.id, ago: format.ago(each.changedAt, now) })}
          </Menu.Item>
        ))}
        {!readOnly && <Menu.Item leftSection={<IconFilePlus size={14} />} disabled={state.draftId === null} onClick={() => { open('none') }}>{t('profile-editor:fromActive', { version: active.version })}</Menu.Item>}
        <Menu.Divider />
        <Menu.Item leftSection={<IconListCheck size={14} />} onClick={() => { void navigate({ to: '/t/$tenant/profile/cases', params: { tenant } }) }}>{t('profile-cases:link')}</Menu.Item>
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => { flush(); saveFile(`${tenant}-profile.yaml`, [work.state().text], 'application/yaml') }}>{t('profile-editor:saveFile')}</Menu.Item>
        {state.draftId !== null && <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => { discard.mutate({ tenant, draftId: state.draftId ?? '', revision: state.revision, invocation: invocation() }) }}>{t('profile-editor:discard')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  )
}
