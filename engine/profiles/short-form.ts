import { type Document, isMap, isScalar, isSeq, type Node, Scalar, YAMLMap, YAMLSeq } from 'yaml'

/**
 * Customers are first described in a few lines: a name, what they use, and what is special about them. Such a text becomes a
 * profile that names the same things; names that no pack has are findings then, each with what could stand there instead.
 *
 * Accepted: keys side by side, or in `capabilities:` and `extensions:`; the name under `customer:` (or profile, tenant, name) or as
 * the only key at the top; one name, a list of names, or names with `enabled`.
 */
export function isShortForm(contents: YAMLMap): boolean {
  if (contents.has('schema')) return false
  const { body } = nameAndBody(contents)
  const inside = keyed(body)
  const below = inside.get('capabilities')
  const keys = [...inside.keys(), ...(isMap(below) ? keyed(below).keys() : [])]
  return keys.some(key => MARKS.has(key))
}

/** Keys of the short form that a profile does not have. */
const MARKS = new Set(['order_processing', 'pricing_model', 'approvals', 'extensions', 'workflow', 'rules'])
const NAME_KEYS = ['customer', 'profile', 'tenant', 'name', 'client']
const OFF = new Set(['disabled', 'off', 'no', 'none', 'false', ''])
const ON = new Set(['enabled', 'on', 'yes', 'true', 'core', 'standard'])
/** What a name may stand under where it has settings beside it. */
const NAMED_BY = ['name', 'plugin', 'model', 'pack', 'adapter', 'id', 'use']

/** Makes a document in the short form a profile, in place. What it is made of keeps its place in the text. */
export function liftShortForm(document: Document): void {
  const { name, body } = nameAndBody(document.contents as YAMLMap)
  const given = keyed(body)
  const take = (...keys: string[]): Node | null => {
    const found = keys.map(key => given.get(key)).find(node => node !== undefined) ?? null
    for (const key of keys) given.delete(key)
    return found
  }
  for (const section of ['capabilities', 'extensions']) for (const [key, node] of keyed(take(section))) given.set(key, node)
  for (const key of NAME_KEYS) given.delete(key)

  const profile = new YAMLMap()
  const capabilities = new YAMLMap()
  profile.set('schema', 2)
  if (name !== null) {
    profile.set('id', placed(new Scalar(kebab(textOf(name))), name))
    profile.set('title', placed(new Scalar(textOf(name)), name))
    profile.set('organisation', document.createNode([{ path: `/${kebab(textOf(name))}`, name: textOf(name) }], { flow: false }))
  }
  profile.set('capabilities', capabilities)

  const rules = namesIn(take('rules', 'validation'))
  capabilities.set('validation', rules.length === 0 ? document.createNode([{ default: 'accept-all' }]) : listOf(rules.map(packEntry)))
  const [pricing] = namesIn(take('pricing_model', 'pricing'))
  if (pricing !== undefined) capabilities.set('pricing', packEntry(pricing))
  const approvals = take('approvals', 'approval')
  const [approval] = namesIn(approvals)
  if (approval !== undefined) capabilities.set('approval', packEntry(approval))
  else if (approvals !== null) capabilities.set('approval', document.createNode({ default: 'always-approve' }))
  capabilities.set('confirmation', 'automatic')
  const modules = [...namesIn(take('workflow')), ...namesIn(take('ui', 'theme')), ...namesIn(take('modules'))]
  if (modules.length > 0) capabilities.set('modules', listOf(modules.map(packEntry)))
  const integrations = namesIn(take('integrations', 'integration', 'adapters'))
  if (integrations.length > 0) profile.set('integrations', folders(integrations))

  // To process orders is what the product does: it need not be said.
  const processing = given.get('order_processing')
  if (isScalar(processing) && !OFF.has(textOf(processing).toLowerCase())) given.delete('order_processing')
  for (const [key, node] of given) capabilities.set(key, node)
  const { contents } = document
  if (contents?.range) profile.range = contents.range
  if (contents?.commentBefore) profile.commentBefore = contents.commentBefore
  document.contents = profile
}

function nameAndBody(contents: YAMLMap): { readonly name: Scalar | null; readonly body: YAMLMap } {
  const [only] = contents.items
  if (contents.items.length === 1 && only !== undefined && isMap(only.value) && isScalar(only.key) && !MARKS.has(normal(only.key.value)) && normal(only.key.value) !== 'capabilities') {
    const inner = nameUnder(only.value)
    return { name: inner ?? only.key, body: only.value }
  }
  return { name: nameUnder(contents), body: contents }
}

function nameUnder(map: YAMLMap): Scalar | null {
  const named = keyed(map)
  return NAME_KEYS.map(key => named.get(key)).find((node): node is Scalar => isScalar(node) && textOf(node) !== '') ?? null
}

/** Keys as they are compared: `orderProcessing`, `order-processing` and `Order Processing` are order_processing. */
function normal(key: unknown): string {
  return String(key).replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[\s-]+/g, '_').toLowerCase()
}

function keyed(node: Node | null | undefined): Map<string, Node> {
  const found = new Map<string, Node>()
  const maps = isSeq(node) ? node.items.filter(isMap) : isMap(node) ? [node] : []
  for (const { key, value } of maps.flatMap(map => map.items)) if (isScalar(key)) found.set(normal(key.value), (value ?? new Scalar(null)) as Node)
  return found
}

/** The names in a value: one, a list of them, names with what they are called by, or names that are enabled. */
function namesIn(node: Node | null | undefined): Scalar[] {
  if (isScalar(node)) {
    const text = textOf(node)
    if (OFF.has(text.toLowerCase()) || ON.has(text.toLowerCase())) return []
    return text.split(',').map(part => part.trim()).filter(part => part !== '').map(part => placed(new Scalar(part), node))
  }
  if (isSeq(node)) return node.items.flatMap(item => namesIn(item as Node))
  if (!isMap(node)) return []
  const named = NAMED_BY.map(key => node.get(key, true)).find(isScalar)
  if (named !== undefined) return namesIn(named)
  return node.items.flatMap(({ key, value }) => {
    if (!isScalar(key)) return []
    const text = isScalar(value) ? textOf(value).toLowerCase() : ''
    if (isScalar(value) && value.value !== null && OFF.has(text)) return []
    return isScalar(value) && value.value !== null && !ON.has(text) ? namesIn(value) : [placed(new Scalar(String(key.value)), key)]
  })
}

function packEntry(name: Scalar): YAMLMap {
  const entry = new YAMLMap()
  entry.set('pack', placed(new Scalar(kebab(textOf(name))), name))
  entry.set('version', placed(new Scalar('*'), name))
  return placed(entry, name)
}

/** What goes to another system lies in a folder that the system takes it from, until something better is known. */
function folders(names: readonly Scalar[]): YAMLMap {
  const map = new YAMLMap()
  for (const name of names) {
    const target = new YAMLMap()
    target.set('kind', 'file')
    target.set('folder', placed(new Scalar(kebab(textOf(name))), name))
    map.set(placed(new Scalar(kebab(textOf(name))), name), placed(target, name))
  }
  return map
}

function listOf(items: readonly YAMLMap[]): YAMLSeq {
  const list = new YAMLSeq()
  list.items = [...items]
  return list
}

function placed<N extends Node>(node: N, from: Node): N {
  if (from.range) node.range = from.range
  return node
}

function textOf(node: Scalar): string {
  return node.value === null || node.value === undefined ? '' : String(node.value)
}

/** `AcmeCorp` and `acme_rules_v2` as ids: acme-corp, acme-rules-v2. */
function kebab(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^[^A-Za-z]+|-+$/g, '').toLowerCase().slice(0, 60) || 'customer'
}
