/**
 * Screens of a pack, declared and drawn by the console's own components: one look, one check for accessibility, nothing
 * that runs in the window. It is the JSON file that the manifest names as the module's entry. Every text is a key in the
 * pack's locales: `menu.<id>`, `page.<id>`, `list.<id>`, `panel.<id>`, `action.<id>`, `column.<table>.<name>`,
 * `field.<command>.<name>`; a column of orders has the text of its attribute, `attribute.<name>`. Where the pack has them:
 * `hint.<command>.<name>` below a field, `option.<table or command>.<name>.<value>` instead of a value that is a code, and
 * `lost.<action>` for what a dangerous action takes away.
 *
 * @since v1
 */
export interface UiModule {
  readonly menu?: readonly MenuEntry[]
  readonly pages?: readonly UiPage[]
  readonly panels?: readonly UiPanel[]
  readonly columns?: readonly OrderColumn[]
}

export interface MenuEntry {
  readonly id: string
  /** A list page, or one without parameters. */
  readonly page: string
  /** Permission of this pack without which it is not shown. */
  readonly permission?: string
}

export type UiPage = ListPage | DetailPage

/** A table of rows in pages, with a search, and what can be done. */
export interface ListPage {
  readonly kind: 'list'
  readonly id: string
  readonly query: string
  readonly columns: readonly ShownColumn[]
  /** Optional parameter of the query that the search field fills. */
  readonly search?: string
  /** Page that a row opens, with the row's columns as its parameters. */
  readonly opens?: { readonly page: string; readonly with: Readonly<Record<string, string>> }
  readonly actions?: readonly UiAction[]
  readonly chart?: UiChart
}

/** One row with its fields, and lists of what belongs to it. `parameters` are in the page's address. */
export interface DetailPage {
  readonly kind: 'detail'
  readonly id: string
  readonly parameters: readonly string[]
  readonly query: string
  readonly fields: readonly ShownColumn[]
  readonly lists?: readonly { readonly id: string; readonly query: string; readonly with: Readonly<Record<string, Given>>; readonly columns: readonly ShownColumn[]; readonly actions?: readonly UiAction[] }[]
  readonly actions?: readonly UiAction[]
}

/** How a value is shown; `text` where it is not said. */
export interface ShownColumn {
  readonly column: string
  readonly as?: 'text' | 'number' | 'date' | 'instant' | 'badge' | 'account' | 'order' | 'email' | 'phone'
}

/** A button with a form made from the command's schema, filled with what is given. */
export interface UiAction {
  readonly id: string
  /** Of this pack. */
  readonly command: string
  readonly given?: Readonly<Record<string, Given>>
  /** The form's fields in their order; all that are not given, where it is not said. */
  readonly fields?: readonly string[]
  /** What it takes away is said, and asked once. */
  readonly dangerous?: boolean
}

/** Where a value comes from: a constant, a column of the row, a parameter of the page, or the order or account that is shown. */
export type Given =
  | { readonly value: string | number | boolean }
  | { readonly column: string }
  | { readonly parameter: string }
  | { readonly order: 'id' | 'reference' | 'account' }

export interface UiChart {
  readonly kind: 'bar' | 'line'
  readonly query: string
  /** Column of the category or time, and of the number. */
  readonly x: string
  readonly y: string
}

/** Fields, or a short list, in a slot of a page of the console. */
export interface UiPanel {
  readonly id: string
  readonly slot: 'order'
  readonly query: string
  readonly with: Readonly<Record<string, Given>>
  readonly fields: readonly ShownColumn[]
  readonly actions?: readonly UiAction[]
}

/** A column that the list of orders offers, with the value of an attribute of the order or of its account. */
export interface OrderColumn {
  readonly id: string
  readonly attribute: string
  readonly on: 'order' | 'account'
}
