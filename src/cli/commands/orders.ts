import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { ORDER_STATES, type OrderState } from '#engine/core/orders/order-state.ts'
import { TENANT, UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { facts, minorAmount, table } from '../output.ts'

const PAGE = 500

type Orders = Awaited<ReturnType<KeelsonClient['queries']['orders']>>['rows']
type OrderPage = Awaited<ReturnType<KeelsonClient['queries']['order']>>

export const orders: Command = {
  name: 'orders', about: 'List orders, newest first', positionals: '', fewest: 0, most: 0,
  options: {
    tenant: TENANT,
    state: { type: 'string', placeholder: 'STATE', multiple: true, about: `only these: ${ORDER_STATES.join(', ')}` },
    limit: { type: 'string', placeholder: 'N', about: 'how many; else 100' },
    account: { type: 'string', placeholder: 'CODE', about: 'only those of an account' },
    attention: { type: 'boolean', about: 'only those that need attention' },
  },
  run: async call => {
    const args = call.arguments
    const tenant = args.required('tenant')
    const limit = args.integer('limit', 1, 10_000_000) ?? 100
    const states = args.list('state').map(asState)
    const account = args.text('account')
    const rows = await withEngine(call, async client => {
      const found: Orders = []
      let after: string | null = null
      do {
        const page = await client.queries.orders({
          tenant, limit: Math.min(PAGE, limit - found.length), after,
          ...(states.length === 0 ? {} : { states }), ...(account === undefined ? {} : { account }), ...(args.flag('attention') ? { attention: true } : {}),
        })
        found.push(...page.rows)
        after = page.next
      } while (after !== null && found.length < limit)
      return found
    })
    return {
      value: rows,
      text: table(rows, [
        { title: 'Reference', of: row => row.reference }, { title: 'Account', of: row => row.account }, { title: 'State', of: row => row.state },
        { title: 'Rev', of: row => row.revision, right: true },
        { title: 'Payable', of: row => row.price === null ? '' : `${minorAmount(row.price.payableMinor, row.price.exponent)} ${row.price.currency}`, right: true },
        { title: 'Needs attention', of: row => row.needsAttention?.code ?? '' }, { title: 'Id', of: row => row.id },
      ], 'No order fits.'),
    }
  },
}

export const order: Command = {
  name: 'order', about: 'Show one order: lines, events, decisions', positionals: 'ID|REFERENCE', fewest: 1, most: 1, options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const { page, texts } = await withEngine(call, async client => ({
      page: await client.queries.order({ tenant, order: call.arguments.positional(0) }),
      texts: new Map((await client.queries['pack-ui']({ tenant })).packs.map(pack => [pack.pack, pack.texts])),
    }))
    return { value: page, text: describe(page, texts) }
  },
}

function asState(text: string): OrderState {
  const state = ORDER_STATES.find(known => known === text)
  if (state === undefined) throw new UsageError(`"${text}" is no state; there are ${ORDER_STATES.join(', ')}.`)
  return state
}

/** Texts of the packs, by their ids. */
type PackTexts = ReadonlyMap<string, Readonly<Record<string, string>>>

function describe({ order: head, lines, events, decisions }: OrderPage, texts: PackTexts): string {
  const attention = head.needsAttention
  const price = decisions.pricing
  const amount = (minor: number | undefined): string =>
    minor === undefined || price?.exponent === undefined ? '' : `${minorAmount(minor, price.exponent)} ${price.currency ?? ''}`.trim()
  const net = new Map(price?.lines?.map(line => [line.lineId, line.netMinor]))
  return [
    facts([
      ['Order', head.reference], ['Id', head.id], ['Account', head.account], ['State', `${head.state}, revision ${head.revision}`],
      ['Placed on', head.placedOn], ['Payable', amount(price?.totals?.payableMinor) || null],
    ]),
    ...(attention === null ? [] : ['', `Needs attention (${attention.code}): ${attention.message}`, `What to do: ${attention.remedy}`]),
    '',
    table(lines, [
      { title: 'Line', of: line => line.id }, { title: 'Item', of: line => line.item }, { title: 'Description', of: line => line.description ?? '' },
      { title: 'Quantity', of: line => `${line.return ? 'return ' : ''}${line.quantity}`, right: true }, { title: 'Price', of: line => line.price ?? '', right: true },
      { title: 'Net', of: line => amount(net.get(line.id)), right: true },
    ], 'No lines.'),
    ...attributeLines(head.attributes, lines, texts),
    '',
    table(decisionRows(decisions), [
      { title: 'Decision', of: row => row.kind }, { title: 'Outcome', of: row => row.outcome }, { title: 'By', of: row => row.by },
    ], 'Nothing was decided yet.'),
    '',
    table(events, [
      { title: 'Event', of: event => event.type }, { title: 'At', of: event => event.time }, { title: 'By', of: event => event.by.kind === 'engine' || event.by.name === null ? event.actor : event.by.name },
      { title: 'No', of: event => event.sequence, right: true },
    ], ''),
  ].join('\n')
}

/** Attributes of the order and of its lines, in the words of the packs that declare them. */
function attributeLines(own: OrderPage['order']['attributes'], lines: OrderPage['lines'], texts: PackTexts): string[] {
  const rows = [{ line: '', attributes: own }, ...lines.map(({ id, attributes }) => ({ line: id, attributes }))].flatMap(({ line, attributes }) => Object.entries(attributes).map(([name, value]) => {
    const dot = name.indexOf('.')
    const words = texts.get(name.slice(0, dot))
    const key = `attribute.${name.slice(dot + 1)}`
    return { line, name: words?.[key] ?? name, value: words?.[`option.${key}.${String(value)}`] ?? (typeof value === 'string' ? value : JSON.stringify(value)) }
  }))
  return rows.length === 0 ? [] : ['', table(rows, [{ title: 'Attribute', of: row => row.name }, { title: 'Line', of: row => row.line }, { title: 'Value', of: row => row.value }], '')]
}

function decisionRows(decisions: OrderPage['decisions']): { kind: string; outcome: string; by: string }[] {
  return (['validation', 'pricing', 'approval'] as const).flatMap(kind => {
    const decision = decisions[kind]
    if (decision === null) return []
    return [{ kind, outcome: decision.outcome, by: decision.receipt.parts.map(part => `${part.pack} ${part.version}`).join(', ') }]
  })
}
