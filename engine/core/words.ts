/** A text without case or accents, as it is looked for: `Café BOLT-M8` is `cafe bolt-m8`. */
export function foldedText(text: string): string {
  return text.normalize('NFKD').toLowerCase().replaceAll(/\p{M}+/gu, '')
}

/** Words of a text as they are looked up: letters and digits, without case or accents; `Café BOLT-M8` has `cafe`, `bolt`, `m8`. */
export function wordsOf(text: string): string[] {
  return foldedText(text).match(/[\p{L}\p{N}]+/gu) ?? []
}
