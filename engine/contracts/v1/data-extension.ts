/**
 * Facts that a pack adds to orders, lines and accounts: declared in the manifest, nothing to execute. They are named
 * `<pack>.<name>`, kept in the tenant's log, checked when they are written, shown and edited by the console, imported
 * from columns, and seen by every policy in `attributes`.
 *
 * @example { on: 'account', name: 'tier', schema: { enum: ['silver', 'gold'] }, editable: false }
 *
 * @since v1
 */
export interface AttributeDeclaration {
  readonly on: 'order' | 'line' | 'account'
  /** Kebab-case; its text is `attribute.<name>` in the pack's locales. */
  readonly name: string
  /** JSON Schema (2020-12) of a text, number or boolean. */
  readonly schema: Readonly<Record<string, unknown>>
  /** False where only the pack's own reactor sets it. True where it is not said. */
  readonly editable?: boolean
  /** An order that lacks it cannot be submitted where the profile enables the pack. Only for `on: 'order'` and `'line'`. */
  readonly required?: boolean
}
