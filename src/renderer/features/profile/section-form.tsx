import { Alert, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import { properties } from '../../app/value-schema.ts'
import { LoadingLines } from '../../components/loading.tsx'
import { ValueEditingProvider } from '../../components/value-editing.ts'
import { ObjectFields, ValueField } from '../../components/value-form.tsx'
import { AttributesList } from './attributes-list.tsx'
import { AnswerChoice, AnswerSwitches, ListSettings, PackSettings } from './capability-fields.tsx'
import { useEditor } from './editor-context.ts'
import { ColumnsField, LogoField, MenuField, WordingField } from './look-fields.tsx'
import classes from './profile.module.css'
import { isPlaced, type SectionId, topKeys } from './sections.ts'

/** One section of the document as a form. */
export function SectionForm({ section, onSource }: { section: SectionId; onSource: () => void }): ReactNode {
  const { t } = useTranslation()
  const { editing, document, schemas } = useEditor()
  if (schemas === null) return <LoadingLines />
  return (
    <ValueEditingProvider value={editing}>
      <div className={classes['form']}>
        <h2 className={classes['sectionTitle']}>{t(`profile-editor:section.${section}`)}</h2>
        <p className={classes['hint']}>{t(`profile-editor:sectionHint.${section}`)}</p>
        {!document.readable && (
          <Alert color="yellow" title={t('profile-editor:unreadable')}>
            <p className={classes['plain']}>{t('profile-editor:unreadableHint')}</p>
            <Button variant="default" size="compact-sm" onClick={onSource}>{t('profile-editor:toSource')}</Button>
          </Alert>
        )}
        <SectionBody section={section} />
      </div>
    </ValueEditingProvider>
  )
}

function SectionBody({ section }: { section: SectionId }): ReactNode {
  switch (section) {
    case 'capabilities': return (
      <>
        <AnswerChoice capability="pricing" />
        <AnswerChoice capability="approval" />
        <AnswerSwitches capability="validation" />
        <AnswerSwitches capability="reactions" />
        <AnswerSwitches capability="modules" />
        <ListSettings capability="modules" />
      </>
    )
    case 'pricing': return <><AnswerChoice capability="pricing" /><PackSettings path={['capabilities', 'pricing']} /></>
    case 'approvals': return <><AnswerChoice capability="approval" /><Fields within={['capabilities']} keys={['confirmation']} /><PackSettings path={['capabilities', 'approval']} /></>
    case 'validation': return <><AnswerSwitches capability="validation" /><ListSettings capability="validation" /></>
    case 'integrations': return <><Fields within={[]} keys={topKeys(section)} /><AnswerSwitches capability="reactions" /><ListSettings capability="reactions" /></>
    case 'attributes': return <><AttributesList /><Fields within={[]} keys={topKeys(section)} /></>
    case 'look': return (
      <>
        <Fields within={['look']} keys={['accent', 'theme']} />
        <LogoField />
        <MenuField />
        <ColumnsField />
        <WordingField />
        <Fields within={['look']} keys="other" except={['accent', 'theme', 'logo', 'navigation', 'columns', 'wording']} />
      </>
    )
    default: return <Fields within={[]} keys={section === 'general' ? 'unplaced' : topKeys(section)} />
  }
}

/** Fields of the document itself, as its schema has them. */
function Fields({ within, keys, except = [] }: { within: readonly string[]; keys: readonly string[] | 'unplaced' | 'other'; except?: readonly string[] }): ReactNode {
  const { document, schemas } = useEditor()
  if (schemas === null) return null
  const root = schemas.document
  let schema = root
  let value: unknown = document.value
  for (const key of within) {
    schema = properties(schema, root).find(each => each.name === key)?.schema ?? {}
    value = isRecord(value) ? value[key] : undefined
  }
  const shown = properties(schema, root).filter(({ name }) => keys === 'other' ? !except.includes(name) : keys === 'unplaced' ? !isPlaced(name) && name !== 'schema' : keys.includes(name))
  return (
    <>
      {shown.map(node => {
        const place = { root, path: [...within, node.name], value: isRecord(value) ? value[node.name] : undefined }
        // A part that is a section of its own needs no frame: the section is it.
        return node.kind === 'group' ? <ObjectFields key={node.name} schema={node.schema} {...place} /> : <ValueField key={node.name} node={node} required={node.required} {...place} />
      })}
    </>
  )
}
