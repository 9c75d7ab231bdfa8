/** The bytes of a part of a file, as the engine takes them. */
export async function base64Of(part: Blob): Promise<string> {
  return await new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const url = reader.result as string
      resolve(url.slice(url.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => { reject(reader.error ?? new Error('The file could not be read.')) })
    reader.readAsDataURL(part)
  })
}
