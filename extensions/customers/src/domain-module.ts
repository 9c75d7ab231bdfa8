import type { DomainAnswer, DomainCommand, DomainInput, EventView, Explanation, FoldInput, Row, RowKey } from '#engine/contracts/v1/index.ts'

/** What the manifest's schemas say of commands and events; the engine has checked it. */
interface Said { readonly name: string; readonly email?: string; readonly phone?: string; readonly role?: string }
interface AddContact extends Said { readonly account: string }
interface ChangeContact extends Said { readonly contactId: string }
interface OnContact { readonly contactId: string }
interface AddNote extends OnContact { readonly words: string }

/** Personal fields are null once the person was forgotten. */
interface Contact {
  readonly contactId: string
  readonly account: string
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly role: string | null
}
interface Note { readonly noteId: string; readonly contactId: string; readonly account: string; readonly words: string | null }

const accountKey = (account: string): RowKey => ({ table: 'accounts', key: [account] })
const contactKey = (contactId: string): RowKey => ({ table: 'contacts', key: [contactId] })

/** The account that a contact is added to, or the contact that it is about. */
export function needs({ name, input }: DomainCommand): readonly RowKey[] {
  return name === 'add-contact' ? [accountKey((input as unknown as AddContact).account)] : [contactKey((input as unknown as OnContact).contactId)]
}

export function decide({ command: { name, id, input }, rows: [row] }: DomainInput): DomainAnswer {
  if (name === 'add-contact') {
    const { account, ...said } = input as unknown as AddContact
    return row == null ? refuse('no-such-account', { account }) : event('contact-added', { contactId: id, account, ...whole(said) })
  }
  const { contactId } = input as unknown as OnContact
  if (row == null) return refuse('no-such-contact', { contactId })
  const about = { contactId, account: row['account'] }
  switch (name) {
    case 'change-contact': return event('contact-changed', { ...about, ...whole(input as unknown as ChangeContact) })
    case 'remove-contact': return event('contact-removed', about)
    default: return event('note-added', { noteId: id, ...about, words: (input as unknown as AddNote).words })
  }
}

function whole({ name, email, phone, role }: Said) {
  return { name, email: email ?? null, phone: phone ?? null, role: role ?? null }
}

function event(what: string, data: Readonly<Record<string, unknown>>): DomainAnswer {
  return { events: [{ type: `customers.${what}.v1`, data }] }
}

function refuse(code: string, values: Explanation['values']): DomainAnswer {
  return { refused: { code, values } }
}

/** The rows that an event changes. */
export function keys({ type, data }: EventView): readonly RowKey[] {
  switch (type) {
    case 'keelson.account.registered.v1': return typeof codeOf(data) === 'string' ? [accountKey(codeOf(data))] : []
    case 'customers.contact-changed.v1': return [contactKey((data as Contact).contactId)]
    case 'customers.note-added.v1': {
      const { noteId, contactId } = data as Note
      return [contactKey(contactId), { table: 'notes', key: [noteId] }]
    }
    default: {
      const { contactId, account } = data as Contact
      return [contactKey(contactId), accountKey(account)]
    }
  }
}

/** The rows as the event leaves them; null for one that is no more. Notes on a contact that was removed stay, as a record. */
export function fold({ event: { type, time, data }, rows }: FoldInput): readonly (Row | null)[] {
  const [first = null, second = null] = rows
  switch (type) {
    case 'keelson.account.registered.v1': return rows.length === 0 ? [] : [first ?? { account: codeOf(data), contacts: 0 }]
    case 'customers.contact-added.v1': {
      const contact = data as Contact
      return [{ ...columns(contact), notes: 0, added_at: time }, { account: contact.account, contacts: count(second, 'contacts') + 1 }]
    }
    case 'customers.contact-changed.v1': return [first === null ? null : { ...first, ...columns(data as Contact) }]
    case 'customers.contact-removed.v1':
      return [null, { account: (data as Contact).account, contacts: Math.max(0, count(second, 'contacts') - (first === null ? 0 : 1)) }]
    default: {
      const { noteId, contactId, account, words } = data as Note
      return [
        first === null ? null : { ...first, notes: count(first, 'notes') + 1 },
        { note_id: noteId, contact_id: contactId, account, words, written_at: time },
      ]
    }
  }
}

function codeOf(data: unknown): string {
  return (data as { readonly code: string }).code
}

function columns({ contactId, account, name, email, phone, role }: Contact) {
  return { contact_id: contactId, account, name, email, phone, role }
}

function count(row: Row | null, column: string): number {
  return Number(row?.[column] ?? 0)
}
