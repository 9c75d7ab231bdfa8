export interface Messages { readonly [key: string]: string | Messages }

/** Texts of a namespace with what the profile says instead; keys are `<namespace>:<key>`. */
export function withWording(texts: Messages, namespace: string, wording: Readonly<Record<string, string>>): Messages {
  let worded = texts
  for (const [key, text] of Object.entries(wording)) {
    if (key.startsWith(`${namespace}:`)) worded = replaced(worded, key.slice(namespace.length + 1).split('.'), text)
  }
  return worded
}

/** Only what is there has a place for another text. */
function replaced(texts: Messages, [key = '', ...rest]: readonly string[], text: string): Messages {
  const inner = Object.hasOwn(texts, key) ? texts[key] : undefined
  if (rest.length === 0) return typeof inner === 'string' ? { ...texts, [key]: text } : texts
  return typeof inner === 'object' ? { ...texts, [key]: replaced(inner, rest, text) } : texts
}
