import { SaxesParser } from 'saxes'
import { RefusalError } from '#engine/core/refusal.ts'
import { openBytes } from '../byte-source.ts'
import type { ImportItem, ImportReject, ImportSource } from '../import-item.ts'
import { reasonText } from '../reasons.ts'
import { type ReadUblDocument, UblDocument } from './ubl-document.ts'
import type { XmlNode } from './xml-node.ts'
import { NotText, XmlText } from './xml-text.ts'

export interface UblRead {
  readonly source: ImportSource
  readonly skip: number
  readonly onRead: (bytes: number) => void
}

/** Embedded attachments make documents large; beyond this no one meant it to be an order. */
const MOST_BYTES = 64 * 1024 * 1024
const DEEPEST = 100

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:'
const COMPONENTS = new Set([`${UBL}CommonAggregateComponents-2`, `${UBL}CommonBasicComponents-2`])
/** Root elements, by namespace, and what each is read as. */
const DOCUMENTS = new Map([
  [`${UBL}Order-2`, { root: 'Order', as: 'Order' }],
  [`${UBL}Invoice-2`, { root: 'Invoice', as: 'Invoice' }],
  [`${UBL}SelfBilledInvoice-2`, { root: 'SelfBilledInvoice', as: 'Invoice' }],
  [`${UBL}CreditNote-2`, { root: 'CreditNote', as: 'CreditNote' }],
  [`${UBL}SelfBilledCreditNote-2`, { root: 'SelfBilledCreditNote', as: 'CreditNote' }],
])
const LINES = new Set(['InvoiceLine', 'OrderLine', 'CreditNoteLine'])
/** Large, and no part of an order. */
const LEFT_OUT = new Set(['EmbeddedDocumentBinaryObject', 'Signature', 'AdditionalDocumentReference'])

/**
 * Reads the UBL documents of an XML file: one, or those inside an envelope. What cannot be an order comes as a reject with
 * the whole text; only a file beyond 64 MiB throws.
 */
export async function* readUbl(read: UblRead): AsyncGenerator<readonly ImportItem[]> {
  const texts: string[] = []
  const bytes: Uint8Array[] = []
  const text = new XmlText()
  const documents = new UblDocuments()
  let size = 0
  let failure: { codes: string[]; reasons: string[]; isText: boolean } | null = null

  const feed = (part: string) => {
    texts.push(part)
    if (failure === null) documents.push(part)
  }
  for await (const part of openBytes(read.source, read.onRead)) {
    size += part.length
    if (size > MOST_BYTES) throw new RefusalError(TOO_LARGE)
    bytes.push(part)
    if (failure === null || failure.isText) failure = attempt(() => feed(text.push(part))) ?? failure
  }
  failure ??= attempt(() => {
    feed(text.end())
    documents.end()
  })

  const found = failure === null ? documents.take() : []
  const original = () => (failure?.isText === false ? Buffer.concat(bytes).toString('base64') : texts.join(''))
  const whole = failure === null ? [] : [{ reference: null, lineCount: 0, document: null, codes: failure.codes, reasons: failure.reasons }]
  yield [...found, ...whole].map((document, index) => itemOf(document, index, original, failure?.isText === false ? 'base64' : 'text')).slice(read.skip)
}

function itemOf(read: ReadUblDocument, index: number, original: () => string, shape: ImportReject['shape']): ImportItem {
  const { document } = read
  const row = index + 1
  const accepted = document === null ? 0 : read.lineCount
  return {
    index,
    reference: read.reference,
    rows: [row, row],
    countsAsOrder: true,
    order: document === null ? null : { document },
    lines: { read: read.lineCount, accepted, rejected: read.lineCount - accepted },
    rejects: document === null ? [{ row, reference: read.reference, codes: read.codes, reasons: read.reasons, original: original(), shape }] : [],
    accepted: () => (document === null ? [] : [{ row, reference: read.reference, original: original(), shape }]),
  }
}

/** Runs one step of reading; gives why the file as a whole is refused, or null. Bugs go on as they are. */
function attempt(step: () => void): { codes: string[]; reasons: string[]; isText: boolean } | null {
  try {
    step()
    return null
  } catch (error) {
    if (error instanceof Unreadable) return { codes: [error.code], reasons: [`${reasonText(error.code)} (${error.detail})`], isText: true }
    if (error instanceof NotText) return { codes: ['KS-IMPORT-NOT-XML'], reasons: [`${reasonText('KS-IMPORT-NOT-XML')} (${error.message})`], isText: false }
    throw error
  }
}

class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly code: string
  readonly detail: string
  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
  }
}

/** The UBL documents in a stream of XML text. Throws Unreadable. */
class UblDocuments {
  readonly #parser = new SaxesParser({ xmlns: true })
  readonly #found: ReadUblDocument[] = []
  /** Elements of the document being read, outermost first. */
  readonly #path: XmlNode[] = []
  #document: UblDocument | null = null
  #depth = 0
  /** Depth of the element whose inside is passed over; 0 for none. */
  #leftOut = 0
  #root: string | null = null

  constructor() {
    const parser = this.#parser
    parser.on('error', error => { throw new Unreadable('KS-IMPORT-NOT-XML', error.message) })
    parser.on('doctype', () => { throw new Unreadable('KS-IMPORT-DTD', `line ${parser.line}`) })
    parser.on('opentag', tag => { this.#open(tag.local, tag.uri, name => attributeText(tag.attributes[name])) })
    parser.on('closetag', () => { this.#close() })
    parser.on('text', text => { this.#text(text) })
    parser.on('cdata', text => { this.#text(text) })
  }

  push(text: string): void {
    this.#parser.write(text)
  }

  end(): void {
    this.#parser.close()
    if (this.#found.length > 0) return
    const root = this.#root ?? 'nothing'
    const code = root.includes('CrossIndustry') || root.includes('SCRDMCCBDACIOMessageStructure') ? 'KS-IMPORT-CII' : 'KS-IMPORT-UNKNOWN-DOCUMENT'
    throw new Unreadable(code, `its root is ${root.slice(0, 200)}`)
  }

  take(): ReadUblDocument[] {
    return this.#found
  }

  #open(name: string, uri: string, attribute: (name: string) => string | null): void {
    this.#depth += 1
    this.#root ??= `${name} in ${uri === '' ? 'no namespace' : uri}`
    if (this.#depth > DEEPEST) throw new Unreadable('KS-IMPORT-NOT-XML', `more than ${DEEPEST} elements inside one another`)
    if (this.#leftOut > 0) return
    const parent = this.#path.at(-1)
    if (parent === undefined) {
      const known = DOCUMENTS.get(uri)
      if (known?.root !== name) return
      const root = node(known.as, attribute)
      this.#path.push(root)
      this.#document = new UblDocument(root)
      return
    }
    if (!COMPONENTS.has(uri) || LEFT_OUT.has(name)) {
      this.#leftOut = this.#depth
      return
    }
    const child = node(name, attribute)
    if (!(this.#path.length === 1 && LINES.has(name))) parent.children.push(child)
    this.#path.push(child)
  }

  #close(): void {
    this.#depth -= 1
    if (this.#leftOut > 0) {
      if (this.#depth < this.#leftOut) this.#leftOut = 0
      return
    }
    const closed = this.#path.pop()
    if (closed === undefined || this.#document === null) return
    if (this.#path.length === 1 && LINES.has(closed.name)) this.#document.addLine(closed)
    if (this.#path.length > 0) return
    this.#found.push(this.#document.finish())
    this.#document = null
  }

  #text(text: string): void {
    const at = this.#path.at(-1)
    if (at !== undefined && this.#leftOut === 0) at.text += text
  }
}

function node(name: string, attribute: (name: string) => string | null): XmlNode {
  return { name, text: '', children: [], unitCode: attribute('unitCode'), currencyId: attribute('currencyID'), schemeId: attribute('schemeID') }
}

function attributeText(attribute: string | { readonly value: string } | undefined): string | null {
  return attribute === undefined ? null : typeof attribute === 'string' ? attribute : attribute.value
}

const TOO_LARGE = {
  code: 'KS-IMPORT-TOO-LARGE',
  message: 'The XML file is larger than 64 MiB.',
  remedy: 'Ask the sender for the document without its attachments.',
} as const
