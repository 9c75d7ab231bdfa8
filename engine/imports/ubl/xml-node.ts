/** An element of a UBL document, with what orders are made of: text, children in the UBL namespaces, three attributes. */
export interface XmlNode {
  /** Local name. */
  readonly name: string
  text: string
  readonly children: XmlNode[]
  readonly unitCode: string | null
  readonly currencyId: string | null
  readonly schemeId: string | null
}

/** The first child by name; further names go down from there. */
export function find(node: XmlNode | null, ...path: readonly string[]): XmlNode | null {
  let at: XmlNode | null = node
  for (const name of path) {
    if (at === null) return null
    at = at.children.find(child => child.name === name) ?? null
  }
  return at
}

export function findAll(node: XmlNode | null, name: string): XmlNode[] {
  return node?.children.filter(child => child.name === name) ?? []
}

/** Trimmed text of the node at a path; null where there is none or it is empty. */
export function textAt(node: XmlNode | null, ...path: readonly string[]): string | null {
  const text = find(node, ...path)?.text.trim() ?? ''
  return text === '' ? null : text
}
