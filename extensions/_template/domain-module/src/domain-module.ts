import type { DomainAnswer, DomainCommand, DomainInput, EventView, Explanation, FoldInput, Row, RowKey } from '#engine/contracts/v1/index.ts'

export interface Config {
  readonly mostNotes: number
}

/** What the manifest's schemas say of the commands and events: the engine has checked it. */
interface AddNote { readonly account: string; readonly words: string }
interface RemoveNote { readonly noteId: string }
interface NoteAdded extends AddNote { readonly noteId: string }
interface NoteRemoved { readonly noteId: string; readonly account: string }

const ADDED = 'template-pack.note-added.v1'
const REMOVED = 'template-pack.note-removed.v1'

const noteKey = (noteId: string): RowKey => ({ table: 'notes', key: [noteId] })
const countKey = (account: string): RowKey => ({ table: 'note_counts', key: [account] })

/** The rows that a command is decided on. */
export function needs(command: DomainCommand): readonly RowKey[] {
  return command.name === 'add-note' ? [countKey((command.input as unknown as AddNote).account)] : [noteKey((command.input as unknown as RemoveNote).noteId)]
}

export function decide({ command, rows: [row] }: DomainInput, { mostNotes }: Config): DomainAnswer {
  if (command.name === 'add-note') {
    const { account, words } = command.input as unknown as AddNote
    if (Number(row?.['notes'] ?? 0) >= mostNotes) return refuse('too-many-notes', { account, mostNotes })
    return { events: [{ type: ADDED, data: { noteId: command.id, account, words } }] }
  }
  const { noteId } = command.input as unknown as RemoveNote
  if (row === null || row === undefined) return refuse('no-such-note', { noteId })
  return { events: [{ type: REMOVED, data: { noteId, account: row['account'] } }] }
}

function refuse(code: string, values: Explanation['values']): DomainAnswer {
  return { refused: { code, values } }
}

/** The rows that an event changes: the note, and how many its account has. */
export function keys({ data }: EventView): readonly RowKey[] {
  const { noteId, account } = data as NoteAdded | NoteRemoved
  return [noteKey(noteId), countKey(account)]
}

/** The rows as the event leaves them; null for one that is no more. */
export function fold({ event, rows: [, count] }: FoldInput): readonly (Row | null)[] {
  const notes = Number(count?.['notes'] ?? 0)
  if (event.type === REMOVED) return [null, { account: (event.data as NoteRemoved).account, notes: Math.max(0, notes - 1) }]
  const { noteId, account, words } = event.data as NoteAdded
  return [{ note_id: noteId, account, words, written_at: event.time }, { account, notes: notes + 1 }]
}
