/** Fields of an order that a column can be guessed for. */
export type GuessedField =
  | 'reference' | 'account' | 'accountName' | 'placedOn' | 'currency' | 'lineId' | 'item' | 'description' | 'quantity' | 'unit' | 'price'
  | 'discountPercent' | 'taxPercent' | 'statedNet' | 'email' | 'phone'

/** Names that columns have in English and German exports, in the form of `plainWord`; the surest first. */
export const FIELD_WORDS: Readonly<Record<GuessedField, readonly string[]>> = {
  reference: [
    'ordernumber', 'orderno', 'orderid', 'orderref', 'orderreference', 'invoiceno', 'invoicenumber', 'invoiceid', 'purchaseorderid', 'ponumber', 'pono', 'salesorder',
    'documentno', 'bestellnummer', 'bestellnr', 'auftragsnummer', 'auftragsnr', 'auftrag', 'rechnungsnummer', 'rechnungsnr', 'belegnummer', 'belegnr', 'reference', 'order', 'bestellung',
  ],
  account: [
    'customerid', 'customerno', 'customernumber', 'customercode', 'accountcode', 'accountno', 'accountid', 'clientid', 'buyerid', 'vendorid', 'supplierid', 'debtorno',
    'kundennummer', 'kundennr', 'kdnr', 'debitor', 'debitorennummer', 'debitorennr', 'customer', 'account', 'kunde', 'client', 'buyer',
  ],
  accountName: ['customername', 'accountname', 'company', 'companyname', 'clientname', 'buyername', 'kundenname', 'firma', 'firmenname'],
  placedOn: ['orderdate', 'invoicedate', 'placedon', 'orderedat', 'createdat', 'documentdate', 'bestelldatum', 'auftragsdatum', 'rechnungsdatum', 'belegdatum', 'date', 'datum'],
  currency: ['currency', 'currencycode', 'waehrung', 'waehrungscode', 'whg', 'curr'],
  lineId: ['lineno', 'linenumber', 'lineid', 'line', 'orderlineid', 'position', 'positionsnummer', 'posnr', 'pos', 'zeile'],
  item: [
    'stockcode', 'sku', 'itemno', 'itemnumber', 'itemcode', 'itemid', 'productid', 'productcode', 'productno', 'articleno', 'articlenumber', 'partno', 'partnumber', 'materialno',
    'artikelnummer', 'artikelnr', 'artnr', 'materialnummer', 'materialnr', 'produktnummer', 'teilenummer', 'item', 'product', 'article', 'artikel', 'material', 'produkt', 'ean', 'gtin',
  ],
  description: ['description', 'itemdescription', 'productname', 'itemname', 'bezeichnung', 'artikelbezeichnung', 'beschreibung', 'artikeltext', 'text', 'name'],
  quantity: ['quantity', 'qty', 'orderqty', 'orderedqty', 'orderquantity', 'menge', 'bestellmenge', 'anzahl', 'stueck', 'stueckzahl', 'units', 'count'],
  unit: ['unit', 'uom', 'unitofmeasure', 'einheit', 'mengeneinheit', 'me'],
  price: [
    'unitprice', 'priceperunit', 'netprice', 'price', 'itemprice', 'einzelpreis', 'stueckpreis', 'nettopreis', 'preis', 'epreis', 'ep',
  ],
  discountPercent: ['discountpercent', 'discount', 'discountpct', 'rabatt', 'rabattprozent', 'rabattinprozent'],
  taxPercent: ['taxpercent', 'taxrate', 'vatrate', 'vatpercent', 'vat', 'mwst', 'mwstsatz', 'ust', 'ustsatz', 'steuersatz'],
  statedNet: ['linetotal', 'linenet', 'netamount', 'lineamount', 'amount', 'total', 'gesamtpreis', 'nettobetrag', 'betrag', 'positionswert', 'summe'],
  email: ['email', 'mail', 'emailaddress', 'customeremail'],
  phone: ['phone', 'telephone', 'telefon', 'tel', 'phonenumber'],
}

/** A column name as names are compared: lower case, umlauts written out, letters and digits only. */
export function plainWord(name: string): string {
  return name.toLowerCase().replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss')
    .normalize('NFKD').replace(/[^a-z0-9]/g, '')
}
