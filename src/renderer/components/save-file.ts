/** Hands a file to the person: the browser's download, or the desktop's save dialogue. */
export function saveFile(name: string, content: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(content, { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the data by the next turn.
  setTimeout(() => { URL.revokeObjectURL(url) }, 10_000)
}

const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/

/** One CSV text: RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8; `first`: not what is put behind another. */
export function csvOf(rows: readonly (readonly (string | number)[])[], first = true): string {
  const cell = (value: string | number): string => {
    const text = String(value)
    // A leading =, +, - or @ would be a formula to a spreadsheet.
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  const lines = rows.map(row => `${row.map(cell).join(',')}\r\n`).join('')
  return first ? `\uFEFF${lines}` : lines
}

export function bytesOfBase64(data: string): Uint8Array<ArrayBuffer> {
  const text = atob(data)
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index)
  return bytes
}
