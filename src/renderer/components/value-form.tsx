import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { isSchema, type JsonSchema } from '../app/schema-form.ts'
import { discriminator, newValue, properties, type PropertyNode, valueNode, type ValueNode, variantOf, variants } from '../app/value-schema.ts'
import { focusIn, pathText, useValueEditing } from './value-editing.ts'
import { isScalar, ScalarField } from './value-field.tsx'
import classes from './value-form.module.css'

interface Place {
  readonly root: JsonSchema
  readonly path: readonly PathKey[]
  readonly value: unknown
}

const SHOWN_AT_FIRST = 50
/** More columns than this do not fit beside each other. */
const COLUMNS = 4

/** Fields of an object, as its schema says; each counts as soon as it is typed. `except`: what the screen shows elsewhere. */
export function ObjectFields({ schema, root, path, value, except = [] }: Place & { schema: JsonSchema; except?: readonly string[] }): ReactNode {
  const record = isRecord(value) ? value : {}
  return (
    <div className={classes['fields']}>
      {properties(schema, root).filter(({ name }) => !except.includes(name)).map(node =>
        <ValueField key={node.name} node={node} root={root} path={[...path, node.name]} value={record[node.name]} required={node.required} />)}
    </div>
  )
}

/** One value of a document, whatever its schema asks for. */
export function ValueField({ node, root, path, value, required }: Place & { node: ValueNode; required: boolean }): ReactNode {
  const own = useValueEditing().draw?.(path, value) ?? null
  if (own !== null) return own
  if (isScalar(node)) return <ScalarField node={node} path={path} value={value} required={required} />
  return <Part node={node} root={root} path={path} value={value} required={required} />
}

/** A part with values of its own: a frame with its name, and what it holds. */
function Part({ node, root, path, value, required }: Place & { node: ValueNode; required: boolean }): ReactNode {
  const { t } = useTranslation()
  const { words, edit, problems, readOnly, note } = useValueEditing()
  const label = words.label(path, node.schema)
  const hint = words.hint(path, node.schema)
  const found = problems(path)
  const set = value !== undefined && value !== null
  return (
    <fieldset className={classes['part']} data-path={pathText(path)} tabIndex={-1}>
      <legend>{label}</legend>
      {hint !== null && <p className={classes['hint']}>{hint}</p>}
      {found.map(message => <p key={message} className={classes['problem']}>{message}</p>)}
      {note?.(path)}
      {!set && !required && (node.kind === 'group' || node.kind === 'variants')
        ? !readOnly && <div><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => { edit([{ op: 'set', path, value: newValue(node.schema, root) }], label); focusIn(path) }}>{t('value-form:setUp', { name: label })}</Button></div>
        : <PartBody node={node} root={root} path={path} value={value} required={required} label={label} />}
      {set && !required && (node.kind === 'group' || node.kind === 'variants') && !readOnly
        && <div><Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconTrash size={14} />} onClick={() => { edit([{ op: 'remove', path }], label); focusIn(path) }}>{t('value-form:leaveOut', { name: label })}</Button></div>}
    </fieldset>
  )
}

function PartBody(props: Place & { node: ValueNode; required: boolean; label: string }): ReactNode {
  const own = useValueEditing().draw?.(props.path, props.value) ?? null
  if (own !== null) return own
  switch (props.node.kind) {
    case 'group': return <ObjectFields schema={props.node.schema} root={props.root} path={props.path} value={props.value} />
    case 'list': return <ListFields {...props} />
    case 'map': return <MapFields {...props} />
    default: return <VariantFields {...props} />
  }
}

/** One of several shapes: which, then its fields. */
function VariantFields({ node, root, path, value }: Place & { node: ValueNode }): ReactNode {
  const { t } = useTranslation()
  const { words, edit, readOnly } = useValueEditing()
  const name = discriminator(node.schema, root)
  const shapes = variants(node.schema, root)
  const record = isRecord(value) ? value : {}
  const chosen = variantOf(value, node.schema, root)
  const at = name === null ? path : [...path, name]
  return (
    <>
      <Select label={name === null ? t('value-form:shape') : words.label(at, {})} value={chosen?.value ?? null} disabled={readOnly} data-path={pathText(at)} allowDeselect={false}
        data={shapes.map(shape => ({ value: shape.value, label: name === null ? words.label([...path, shape.value], {}) : words.option(at, {}, shape.value) }))}
        onChange={next => {
          const shape = shapes.find(each => each.value === next)
          if (shape === undefined || shape.value === chosen?.value) return
          const fresh = newValue(shape.schema, root)
          const kept = Object.fromEntries(properties(shape.schema, root).flatMap(each => each.name !== name && record[each.name] !== undefined ? [[each.name, record[each.name]]] : []))
          edit([{ op: 'set', path, value: { ...(isRecord(fresh) ? fresh : {}), ...kept } }], words.label(path, node.schema))
        }} />
      {chosen !== undefined && <ObjectFields schema={chosen.schema} root={root} path={path} value={record} except={name === null ? [] : [name]} />}
    </>
  )
}

function ListFields({ node, root, path, value, label }: Place & { node: ValueNode; label: string }): ReactNode {
  const { t } = useTranslation()
  const { words, edit, readOnly } = useValueEditing()
  const [shown, setShown] = useState(SHOWN_AT_FIRST)
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  const items = isSchema(node.schema['items']) ? node.schema['items'] : {}
  const item = valueNode(items, root)
  const columns = flatColumns(item, root)
  const add = (): void => {
    const fresh = withOwnId(newValue(items, root), { path, item, root, entries })
    edit([Array.isArray(value) ? { op: 'add', path, value: fresh } : { op: 'set', path, value: [fresh] }], label)
    setShown(Math.max(shown, entries.length + 1))
    focusIn([...path, entries.length])
  }
  const controls = (index: number): ReactNode => <EntryControls path={path} index={index} entries={entries} name={words.entry(path, node.schema, index)} />
  const visible = entries.slice(0, shown)
  return (
    <>
      {entries.length === 0 && <p className={classes['none']}>{t('value-form:none')}</p>}
      {entries.length > 0 && columns !== null && (
        <div className={classes['scroll']}>
          <table className={classes['table']}>
            <thead><tr>{columns.map(column => <th key={column.name} scope="col">{words.label([...path, 0, column.name], column.schema)}</th>)}{!readOnly && <th scope="col"><span className="sr-only">{t('value-form:actions')}</span></th>}</tr></thead>
            <tbody>{visible.map((entry, index) => (
              <tr key={index} data-path={pathText([...path, index])}>
                {columns.map(column => <td key={column.name}><ScalarField bare node={column} path={[...path, index, column.name]} value={isRecord(entry) ? entry[column.name] : undefined} required={column.required} /></td>)}
                {!readOnly && <td className={classes['controls']}>{controls(index)}</td>}
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {columns === null && visible.map((entry, index) => (
        <fieldset key={index} className={classes['entry']} data-path={pathText([...path, index])} tabIndex={-1}>
          <legend>{words.entry(path, node.schema, index)}</legend>
          <div className={classes['entryBody']}>
            {isScalar(item) ? <ScalarField bare node={item} path={[...path, index]} value={entry} required /> : <PartBody node={item} root={root} path={[...path, index]} value={entry} required label={words.entry(path, node.schema, index)} />}
          </div>
          {!readOnly && <div className={classes['controls']}>{controls(index)}</div>}
        </fieldset>
      ))}
      {entries.length > shown && <div><Button variant="subtle" size="compact-sm" onClick={() => { setShown(shown + SHOWN_AT_FIRST) }}>{t('value-form:more', { count: entries.length - shown })}</Button></div>}
      {!readOnly && <div><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} data-add={pathText(path)} onClick={add}>{t('value-form:add', { name: label })}</Button></div>}
    </>
  )
}

/** An entry that needs a short name of its own begins with one: nobody has to think of `stage-2`. */
function withOwnId(fresh: unknown, { path, item, root, entries }: { path: readonly PathKey[]; item: ValueNode; root: JsonSchema; entries: readonly unknown[] }): unknown {
  const id = properties(item.schema, root).find(({ name, kind, required }) => name === 'id' && kind === 'text' && required)
  if (id === undefined || !isRecord(fresh) || fresh['id'] !== '') return fresh
  const kind = (path.findLast(key => typeof key === 'string') ?? 'entry').replace(/ies$/, 'y').replace(/s$/, '').toLowerCase()
  const taken = new Set(entries.map(entry => isRecord(entry) ? entry['id'] : null))
  let number = entries.length + 1
  while (taken.has(`${kind}-${number}`)) number++
  return { ...fresh, id: `${kind}-${number}` }
}

/** Properties of an entry that is simple enough for a row of a table; else null. */
function flatColumns(item: ValueNode, root: JsonSchema): readonly PropertyNode[] | null {
  if (item.kind !== 'group') return null
  const columns = properties(item.schema, root)
  return columns.length > 0 && columns.length <= COLUMNS && columns.every(isScalar) ? columns : null
}

/** Up, down and away, for one entry of a list. */
export function EntryControls({ path, index, entries, name }: { path: readonly PathKey[]; index: number; entries: readonly unknown[]; name: string }): ReactNode {
  const { t } = useTranslation()
  const { edit } = useValueEditing()
  const move = (to: number): void => {
    edit([{ op: 'move', path: [...path, index], to }], name)
    requestAnimationFrame(() => { document.querySelector<HTMLElement>(`[data-move="${CSS.escape(`${pathText([...path, to])}${to < index ? '-up' : '-down'}`)}"]:not([disabled])`)?.focus() })
  }
  const remove = (): void => {
    edit([{ op: 'remove', path: [...path, index] }], name)
    const next = Math.min(index, entries.length - 2)
    requestAnimationFrame(() => { document.querySelector<HTMLElement>(next < 0 ? `[data-add="${CSS.escape(pathText(path))}"]` : `[data-remove="${CSS.escape(pathText([...path, next]))}"]`)?.focus() })
  }
  const at = pathText([...path, index])
  return (
    <>
      {entries.length > 1 && <ActionIcon variant="subtle" color="gray" disabled={index === 0} data-move={`${at}-up`} aria-label={t('value-form:up', { name })} title={t('value-form:up', { name })} onClick={() => { move(index - 1) }}><IconArrowUp size={14} /></ActionIcon>}
      {entries.length > 1 && <ActionIcon variant="subtle" color="gray" disabled={index === entries.length - 1} data-move={`${at}-down`} aria-label={t('value-form:down', { name })} title={t('value-form:down', { name })} onClick={() => { move(index + 1) }}><IconArrowDown size={14} /></ActionIcon>}
      <ActionIcon variant="subtle" color="gray" data-remove={at} aria-label={t('value-form:remove', { name })} title={t('value-form:remove', { name })} onClick={remove}><IconTrash size={14} /></ActionIcon>
    </>
  )
}

/** Names with a value each: a row for each name, and one to add another. */
function MapFields({ node, root, path, value, label }: Place & { node: ValueNode; label: string }): ReactNode {
  const { t } = useTranslation()
  const { words, edit, readOnly } = useValueEditing()
  const entries = Object.entries(isRecord(value) ? value : {})
  const values = isSchema(node.schema['additionalProperties']) ? node.schema['additionalProperties'] : {}
  const each = valueNode(values, root)
  const remove = (name: string): ReactNode => (
    <ActionIcon variant="subtle" color="gray" aria-label={t('value-form:remove', { name })} title={t('value-form:remove', { name })}
      onClick={() => { edit([{ op: 'remove', path: [...path, name] }], label); focusIn(path) }}><IconTrash size={14} /></ActionIcon>
  )
  return (
    <>
      {entries.length === 0 && <p className={classes['none']}>{t('value-form:none')}</p>}
      {isScalar(each) && entries.length > 0
        ? (
          <table className={`${classes['table'] ?? ''} ${classes['narrow'] ?? ''}`}>
            <thead><tr><th scope="col">{words.key(path, node.schema)}</th><th scope="col">{words.value(path, node.schema)}</th>{!readOnly && <th scope="col"><span className="sr-only">{t('value-form:actions')}</span></th>}</tr></thead>
            <tbody>{entries.map(([name, of]) => (
              <tr key={name} data-path={pathText([...path, name])}>
                <th scope="row"><bdi>{words.keyName(path, node.schema, name)}</bdi></th>
                <td><ScalarField bare node={each} path={[...path, name]} value={of} required spoken={`${words.value(path, node.schema)} ${name}`} /></td>
                {!readOnly && <td className={classes['controls']}>{remove(name)}</td>}
              </tr>
            ))}</tbody>
          </table>
        )
        : !isScalar(each) && entries.map(([name, of]) => (
          <fieldset key={name} className={classes['entry']} data-path={pathText([...path, name])} tabIndex={-1}>
            <legend><bdi>{words.keyName(path, node.schema, name)}</bdi></legend>
            <div className={classes['entryBody']}><PartBody node={each} root={root} path={[...path, name]} value={of} required label={name} /></div>
            {!readOnly && <div className={classes['controls']}>{remove(name)}</div>}
          </fieldset>
        ))}
      {!readOnly && <AddName path={path} schema={node.schema} label={words.key(path, node.schema)} taken={entries.map(([name]) => name)} onAdd={name => {
        edit([{ op: 'set', path: [...path, name], value: newValue(values, root) }], label)
        focusIn([...path, name])
      }} />}
    </>
  )
}

function AddName({ path, schema, label, taken, onAdd }: { path: readonly PathKey[]; schema: JsonSchema; label: string; taken: readonly string[]; onAdd: (name: string) => void }): ReactNode {
  const { t } = useTranslation()
  const { suggestKeys } = useValueEditing()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()
  const names = isSchema(schema['propertyNames']) ? schema['propertyNames'] : {}
  const offered = suggestKeys(path, schema)?.filter(each => !taken.includes(each.value)) ?? null
  const add = (given: string): void => {
    const text = given.trim()
    const pattern = typeof names['pattern'] === 'string' ? new RegExp(names['pattern'], 'u') : null
    const listed = Array.isArray(names['enum']) ? names['enum'].includes(text) : true
    if (text === '') setProblem(t('schema-form:error.needed'))
    else if (taken.includes(text)) setProblem(t('value-form:taken', { name: text }))
    else if (pattern?.test(text) === false || !listed) setProblem(t('schema-form:error.pattern'))
    else {
      setName('')
      setProblem(null)
      onAdd(text)
    }
  }
  if (offered?.length === 0) return <p className={classes['none']}>{t(taken.length === 0 ? 'value-form:nothingToAdd' : 'value-form:allAdded')}</p>
  if (offered !== null) {
    return (
      <div className={classes['addName']}>
        <Select aria-label={label} placeholder={t('value-form:chooseName', { name: label })} searchable value={null} data={[...offered]} maxDropdownHeight={240} limit={200} nothingFoundMessage={t('value-form:nothingFound')} onChange={chosen => { if (chosen !== null) add(chosen) }} error={problem} />
      </div>
    )
  }
  return (
    <form className={classes['addName']} onSubmit={event => { event.preventDefault(); event.stopPropagation(); add(name) }}>
      <TextInput id={id} aria-label={label} placeholder={label} value={name} error={problem} autoComplete="off" onChange={event => { setName(event.currentTarget.value); setProblem(null) }} />
      <Button type="submit" variant="default" leftSection={<IconPlus size={14} />}>{t('value-form:addName')}</Button>
    </form>
  )
}
