import { sha256Hex } from '#engine/core/digest.ts'
import type { Contact } from '#engine/core/orders/order-document.ts'
import { cut } from './ubl-line.ts'
import { find, findAll, textAt, type XmlNode } from './xml-node.ts'

export interface Buyer {
  readonly code: string
  readonly name: string | null
  readonly contact: Contact | null
}

/** The account of invoices that name no buyer: sales over the counter, of each seller its own. */
const UNNAMED = 'unnamed'

/**
 * The account of a document: the number that the seller gave the buyer, else an identifier of the buyer. A name or an
 * e-mail address is about a person and never becomes a code; where there is nothing else, its digest does.
 */
export function readBuyer(document: XmlNode): Buyer | null {
  const customer = find(document, 'AccountingCustomerParty') ?? find(document, 'BuyerCustomerParty')
  const party = find(customer, 'Party')
  const stated = textAt(party, 'PartyLegalEntity', 'RegistrationName') ?? textAt(party, 'PartyName', 'Name') ?? textAt(party, 'PartyTaxScheme', 'RegistrationName') ?? personName(party)
  const name = stated?.replace(/\s+/g, ' ') ?? null
  const contact = readContact(party)
  const endpoint = find(party, 'EndpointID')
  const code = identifier(find(customer, 'SupplierAssignedAccountID'), name) ?? partyId(party, name)
    ?? digestCode('name', name) ?? digestCode('mail', endpoint?.text.trim() ?? null)
  if (code !== null) return { code, name: name === null ? null : cut(name, 300), contact }
  // Simplified invoices may leave the buyer out; an order cannot.
  return document.name === 'Invoice' ? { code: unnamedOf(document), name: null, contact } : null
}

/** Numbers of invoices are unique to who made them out: two sellers' unnamed buyers must not meet in one account. */
function unnamedOf(document: XmlNode): string {
  const seller = partyId(find(document, 'AccountingSupplierParty', 'Party'), null)
  return seller === null ? UNNAMED : `${UNNAMED}-${seller}`
}

/** The first of a party's identifiers that is not about a person. */
function partyId(party: XmlNode | null, name: string | null): string | null {
  const candidates = [
    find(party, 'EndpointID'), ...findAll(party, 'PartyIdentification').map(part => find(part, 'ID')),
    find(party, 'PartyLegalEntity', 'CompanyID'), find(party, 'PartyTaxScheme', 'CompanyID'),
  ]
  return candidates.map(node => identifier(node, name)).find(id => id !== null) ?? null
}

/** `scheme:id`, or the id alone; null for what is about a person. */
function identifier(node: XmlNode | null, name: string | null): string | null {
  const id = node?.text.trim().replace(/\s+/g, ' ') ?? ''
  if (id === '' || id.includes('@') || id === name || id.length > 150) return null
  const scheme = node?.schemeId?.trim() ?? ''
  return scheme === '' ? id : `${scheme.slice(0, 40)}:${id}`
}

function digestCode(prefix: string, value: string | null): string | null {
  return value === null || value === '' ? null : `${prefix}-${sha256Hex(value.normalize('NFC').toLowerCase()).slice(0, 16)}`
}

function personName(party: XmlNode | null): string | null {
  const person = find(party, 'Person')
  const name = [textAt(person, 'FirstName'), textAt(person, 'FamilyName')].filter(part => part !== null).join(' ')
  return name === '' ? null : name
}

function readContact(party: XmlNode | null): Contact | null {
  const contact = find(party, 'Contact')
  const endpoint = textAt(party, 'EndpointID')
  const email = textAt(contact, 'ElectronicMail') ?? (endpoint?.includes('@') === true ? endpoint : null)
  const read: Contact = {
    name: short(textAt(contact, 'Name') ?? personName(party), 200),
    email: short(email, 320),
    phone: short(textAt(contact, 'Telephone'), 50),
    address: short(address(find(party, 'PostalAddress')), 1000),
  }
  return Object.values(read).every(value => value === null) ? null : read
}

function address(node: XmlNode | null): string | null {
  const street = [textAt(node, 'StreetName'), textAt(node, 'BuildingNumber')].filter(part => part !== null).join(' ')
  const town = [textAt(node, 'PostalZone'), textAt(node, 'CityName')].filter(part => part !== null).join(' ')
  const lines = [
    textAt(node, 'Postbox'), street, textAt(node, 'AdditionalStreetName'), ...findAll(node, 'AddressLine').map(line => textAt(line, 'Line')),
    town, textAt(node, 'CountrySubentity'), textAt(node, 'Country', 'IdentificationCode'),
  ].filter(line => line !== null && line !== '')
  return lines.length === 0 ? null : lines.join('\n')
}

function short(text: string | null, longest: number): string | null {
  return text === null ? null : cut(text, longest)
}
