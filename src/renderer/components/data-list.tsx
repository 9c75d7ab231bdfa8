import { ActionIcon, Button, Checkbox, CloseButton, Menu, Tooltip } from '@mantine/core'
import { IconColumns3, IconLineHeight } from '@tabler/icons-react'
import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useDensity, usePreferences } from '../app/preferences.ts'
import { useShortcuts, type Shortcut } from '../app/shortcuts.ts'
import { useFormat } from '../app/use-format.ts'
import { columnsThatFit } from './columns-that-fit.ts'
import classes from './data-list.module.css'
import { LoadingLines } from './loading.tsx'

const features = tableFeatures({ columnVisibilityFeature })
const ROW_HEIGHTS = { comfortable: 36, compact: 28 } as const
/** Rows from the end at which the next page is asked for. */
const LOAD_AHEAD = 30
/** What the bulk bar covers at the end of the list, in px. */
const BULK_BAR = 56
/** Width of the check boxes' column. */
const CHECK_REM = 2.25

export interface ListColumn<Row> {
  readonly id: string
  readonly title: string
  /** CSS grid track, e.g. `8rem` or `minmax(10rem, 1fr)`. */
  readonly width: string
  readonly cell: (row: Row) => ReactNode
  readonly align?: 'end'
  /** Not shown until chosen. */
  readonly optional?: boolean
  /** Cannot be hidden. */
  readonly fixed?: boolean
}

/** What of a list stands in the URL. */
export interface ListView {
  /** Chosen columns; absent means the usual ones. */
  readonly cols?: readonly string[] | undefined
  readonly sel?: readonly string[] | undefined
  readonly peek?: string | undefined
}

export interface DataListProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly ListColumn<Row>[]
  readonly rowId: (row: Row) => string
  /** Read out for the row and its check box. */
  readonly rowLabel: (row: Row) => string
  readonly view: ListView
  readonly onView: (change: ListView) => void
  readonly onOpen?: (row: Row) => void
  readonly peek?: (row: Row) => ReactNode
  readonly bulk?: (rows: readonly Row[], clear: () => void) => ReactNode
  readonly hasMore?: boolean
  readonly onMore?: () => void
  /** Hears which rows are on screen, or nearly. */
  readonly onShown?: (rows: readonly Row[]) => void
  readonly loading?: boolean
  readonly empty: ReactNode
  /** Above the rows, e.g. "4 new, show". */
  readonly announcement?: ReactNode
}

/** Virtual rows with a cursor, selection and peek panel; works wholly by keyboard. */
export function DataList<Row>(props: DataListProps<Row>): ReactNode {
  const { rows, columns, rowId, view, onView } = props
  const { t } = useTranslation()
  const prefix = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const height = ROW_HEIGHTS[useDensity()]
  const [cursor, setCursor] = useState<string | null>(view.peek ?? null)
  const cursorIndex = Math.max(0, rows.findIndex(row => rowId(row) === cursor))
  const selected = useMemo(() => new Set(view.sel ?? []), [view.sel])

  const peeked = view.peek === undefined ? undefined : rows.find(row => rowId(row) === view.peek)
  const isPeeking = peeked !== undefined && props.peek !== undefined
  const wanted = useShownColumns(columns, rows, view.cols)
  // Beside the panel, which says it all, what has no room gives way; what a person chose stays.
  const room = useRoom(scroller, isPeeking && view.cols === undefined)
  const shown = room === null ? wanted : columnsThatFit(wanted, room.width - (props.bulk === undefined ? 0 : CHECK_REM * room.rem), room.rem)
  const tracks = [props.bulk === undefined ? null : `${CHECK_REM}rem`, ...shown.map(column => column.width)].filter(track => track !== null).join(' ')
  const covered = props.bulk !== undefined && selected.size > 0
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 12, scrollPaddingStart: 32, scrollPaddingEnd: covered ? BULK_BAR : 0 })
  useEffect(() => { virtual.measure() }, [height, virtual])

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const { hasMore, onMore, loading } = props
  useEffect(() => {
    if (hasMore === true && loading !== true && last >= rows.length - LOAD_AHEAD) onMore?.()
  }, [last, rows.length, hasMore, loading, onMore])

  const first = items[0]?.index ?? 0
  const { onShown } = props
  useEffect(() => { onShown?.(rows.slice(first, last + 1)) }, [onShown, rows, first, last])

  const toggle = (id: string): void => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onView({ sel: next.size === 0 ? undefined : [...next] })
  }
  useListKeys({ props, cursorIndex, setCursor: index => {
    const row = rows[index]
    if (row === undefined) return
    setCursor(rowId(row))
    virtual.scrollToIndex(index)
    scroller.current?.focus({ preventScroll: true })
    if (view.peek !== undefined) onView({ peek: rowId(row) })
  }, toggle })

  const chosen = rows.filter(row => selected.has(rowId(row)))
  if (rows.length === 0) return loading === true ? <LoadingLines lines={14} height={height - 14} /> : <>{props.announcement}{props.empty}</>
  return (
    <div className={classes['wrap']}>
      <div className={classes['list']}>
        {props.announcement !== undefined && <div className={classes['pill']}>{props.announcement}</div>}
        <div ref={scroller} className={classes['scroller']} tabIndex={0} role="grid" aria-label={props.label} aria-multiselectable={props.bulk !== undefined}
          aria-rowcount={hasMore === true ? -1 : rows.length + 1} aria-activedescendant={rows[cursorIndex] === undefined ? undefined : `${prefix}${cursorIndex}`}>
          <div className={classes['grid']} role="presentation">
            <div className={classes['headRow']} role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
              {props.bulk !== undefined && (
                <div role="columnheader" className={classes['check']}>
                  <span className={classes['hit']}><Checkbox size="xs" tabIndex={-1} aria-label={t('common:list.selectAll')} checked={chosen.length === rows.length} indeterminate={chosen.length > 0 && chosen.length < rows.length}
                    onChange={() => { onView({ sel: chosen.length === rows.length ? undefined : rows.map(rowId) }) }} /></span>
                </div>
              )}
              {shown.map(column => <div key={column.id} role="columnheader" className={classes['cell']} data-align={column.align}>{column.title}</div>)}
            </div>
            <div className={classes['body']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
              {items.map(item => {
                const row = rows[item.index]
                if (row === undefined) return null
                const id = rowId(row)
                return (
                  <div key={id} id={`${prefix}${item.index}`} role="row" aria-rowindex={item.index + 2} aria-selected={props.bulk === undefined ? undefined : selected.has(id)} className={classes['row']}
                    data-cursor={item.index === cursorIndex || undefined} data-selected={selected.has(id) || undefined}
                    style={{ height, transform: `translateY(${item.start}px)`, gridTemplateColumns: tracks }}
                    onClick={event => {
                      if (event.target instanceof HTMLElement && event.target.closest('a,button,input,label') !== null) return
                      setCursor(id)
                      if (view.peek !== undefined) onView({ peek: id })
                    }}
                    onDoubleClick={() => { props.onOpen?.(row) }}>
                    {props.bulk !== undefined && (
                      <div role="gridcell" className={classes['check']}>
                        <span className={classes['hit']}><Checkbox size="xs" tabIndex={-1} aria-label={t('common:list.select', { name: props.rowLabel(row) })} checked={selected.has(id)} onChange={() => { toggle(id) }} /></span>
                      </div>
                    )}
                    {shown.map(column => <div key={column.id} role="gridcell" className={classes['cell']} data-align={column.align}>{column.cell(row)}</div>)}
                  </div>
                )
              })}
            </div>
          </div>
          <ListFoot count={rows.length} hasMore={hasMore === true} loading={loading === true} covered={covered} />
        </div>
        {props.bulk !== undefined && chosen.length > 0 && (
          <div className={classes['bulk']} role="region" aria-label={t('common:list.bulk')}>
            <span className="num">{t('common:list.selected', { count: chosen.length })}</span>
            {props.bulk(chosen, () => { onView({ sel: undefined }) })}
            <CloseButton size="sm" aria-label={t('common:list.clearSelection')} onClick={() => { onView({ sel: undefined }) }} />
          </div>
        )}
      </div>
      {isPeeking && (
        <aside className={classes['peek']} aria-label={t('common:list.peek', { name: props.rowLabel(peeked) })}>
          <div className={classes['peekHead']}>
            <strong className="clip"><bdi>{props.rowLabel(peeked)}</bdi></strong>
            <CloseButton size="sm" aria-label={t('common:list.closePeek')} onClick={() => { onView({ peek: undefined }) }} />
          </div>
          {props.peek(peeked)}
        </aside>
      )}
    </div>
  )
}

function ListFoot({ count, hasMore, loading, covered }: { count: number; hasMore: boolean; loading: boolean; covered: boolean }): ReactNode {
  const { t } = useTranslation()
  return <div className={classes['foot']} data-covered={covered || undefined}>{loading ? t('common:loading') : hasMore ? t('common:list.more', { count }) : t('common:list.end', { count })}</div>
}

function useShownColumns<Row>(columns: readonly ListColumn<Row>[], rows: readonly Row[], cols: readonly string[] | undefined): readonly ListColumn<Row>[] {
  const defs = useMemo(() => columns.map((column): ColumnDef<typeof features, object> => ({ id: column.id, header: column.title, enableHiding: column.fixed !== true })), [columns])
  const columnVisibility = useMemo(() => Object.fromEntries(columns.map(column => [
    column.id, column.fixed === true || (cols === undefined ? column.optional !== true : cols.includes(column.id)),
  ])), [columns, cols])
  const table = useTable({ features, columns: defs, data: rows as readonly object[], state: { columnVisibility } })
  const visible = new Set(table.getVisibleLeafColumns().map(column => column.id))
  return columns.filter(column => visible.has(column.id))
}

/** Inner width of an element and of one rem in px, as long as somebody asks. */
function useRoom(element: RefObject<HTMLElement | null>, asked: boolean): { readonly width: number; readonly rem: number } | null {
  const [room, setRoom] = useState<{ readonly width: number; readonly rem: number } | null>(null)
  useLayoutEffect(() => {
    const { current } = element
    if (!asked || current === null) return
    const measure = (): void => { setRoom({ width: current.clientWidth, rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) }) }
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    measure()
    return () => { observer.disconnect() }
  }, [element, asked])
  return asked ? room : null
}

function useListKeys<Row>({ props, cursorIndex, setCursor, toggle }: {
  props: DataListProps<Row>; cursorIndex: number; setCursor: (index: number) => void; toggle: (id: string) => void
}): void {
  const { t } = useTranslation()
  // Keys act on what is on screen when they are pressed, without registering anew on each render.
  const now = useRef({ props, cursorIndex, setCursor, toggle })
  useEffect(() => { now.current = { props, cursorIndex, setCursor, toggle } })
  const shortcuts = useMemo<readonly Shortcut[]>(() => {
    const move = (by: number) => () => { now.current.setCursor(Math.min(now.current.props.rows.length - 1, Math.max(0, now.current.cursorIndex + by))) }
    const row = (): Row | undefined => now.current.props.rows[now.current.cursorIndex]
    const list = (keys: string, label: string, run: () => void): Shortcut => ({ keys, label, group: 'list', run })
    return [
      list('j', t('common:shortcut.down'), move(1)), list('k', t('common:shortcut.up'), move(-1)),
      list('ArrowDown', t('common:shortcut.down'), move(1)), list('ArrowUp', t('common:shortcut.up'), move(-1)),
      list('Enter', t('common:shortcut.open'), () => { const at = row(); if (at !== undefined) now.current.props.onOpen?.(at) }),
      list('Space', t('common:shortcut.peek'), () => {
        const at = row()
        if (at === undefined || now.current.props.peek === undefined) return
        const id = now.current.props.rowId(at)
        now.current.props.onView({ peek: now.current.props.view.peek === id ? undefined : id })
      }),
      list('x', t('common:shortcut.select'), () => { const at = row(); if (at !== undefined && now.current.props.bulk !== undefined) now.current.toggle(now.current.props.rowId(at)) }),
      list('Escape', t('common:shortcut.clear'), () => { now.current.props.onView({ sel: undefined, peek: undefined }) }),
    ]
  }, [t])
  useShortcuts(shortcuts)
}

/** Column chooser and density, for a list's tool bar. */
export function ListSettings<Row>({ columns, view, onView }: { columns: readonly ListColumn<Row>[]; view: ListView; onView: (change: ListView) => void }): ReactNode {
  const { t } = useTranslation()
  const preferences = usePreferences()
  const shown = view.cols ?? columns.filter(column => column.optional !== true).map(column => column.id)
  const other = preferences.density === 'compact' ? 'comfortable' : 'compact'
  return (
    <>
      <Menu closeOnItemClick={false}>
        <Menu.Target><ActionIcon aria-label={t('common:list.columns')} title={t('common:list.columns')}><IconColumns3 size={16} /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          {columns.filter(column => column.fixed !== true).map(column => {
            const on = shown.includes(column.id)
            return (
              <Menu.CheckboxItem key={column.id} checked={on}
                onChange={() => { onView({ cols: on ? shown.filter(id => id !== column.id) : columns.map(each => each.id).filter(id => shown.includes(id) || id === column.id) }) }}>
                {column.title}
              </Menu.CheckboxItem>
            )
          })}
          <Menu.Divider />
          <Menu.Item onClick={() => { onView({ cols: undefined }) }}>{t('common:list.usualColumns')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t(`common:density.to.${other}`)}>
        <ActionIcon aria-label={t(`common:density.to.${other}`)} onClick={() => { preferences.setDensity(other) }}><IconLineHeight size={16} /></ActionIcon>
      </Tooltip>
    </>
  )
}

/** "4 new, show": says that there is more without moving what one is looking at. */
export function NewRows({ count, atLeast, onShow }: { count: number; atLeast: boolean; onShow: () => void }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div aria-live="polite">
      {count > 0 && <Button size="compact-xs" onClick={onShow}>{t('common:list.newRows', { count, shown: `${format.number(count)}${atLeast ? '+' : ''}` })}</Button>}
    </div>
  )
}
