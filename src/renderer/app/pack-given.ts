import type { Given, Row, RowValue, UiAction } from '#engine/contracts/v1/index.ts'

/** What a screen of a pack takes values from: its row, the parameters in its address, the order that is shown. */
export interface GivenFrom {
  readonly row?: Row | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly order?: { readonly id: string; readonly reference: string; readonly account: string } | undefined
}

/** Values by name; what is not there is left out. */
export function givenValues(given: Readonly<Record<string, Given>>, from: GivenFrom): Record<string, RowValue> {
  const values: Record<string, RowValue> = {}
  for (const [name, source] of Object.entries(given)) {
    const value = 'value' in source ? source.value : 'column' in source ? from.row?.[source.column] : 'parameter' in source ? from.parameters?.[source.parameter] : from.order?.[source.order]
    if (value !== undefined) values[name] = value
  }
  return values
}

/** As parameters of a query: text, numbers, yes and no. */
export function queryParameters(given: Readonly<Record<string, Given>>, from: GivenFrom): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(givenValues(given, from)).filter((entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1])))
}

/** Whether an action is about one row: it takes something from the row's columns. */
export function isOfRow(action: UiAction): boolean {
  return Object.values(action.given ?? {}).some(source => 'column' in source)
}
