import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { barriersInEveryLook, speak } from './axe.ts'
import { signIn, test } from './site.ts'

const purchaseOrders = (name: string): string => fileURLToPath(new URL(`../data/purchase-orders/${name}`, import.meta.url))

/** A file whose columns no mapping knows, with one good order and one row for each of four faults. */
function unknownColumns(run: string): { name: string; mimeType: string; buffer: Buffer } {
  const rows = [
    'Belegnr;Kunde;Datum;Artikelnummer;Bezeichnung;Menge;Einzelpreis;Bemerkung',
    `${run}1;K-100;01.03.2026;A-1;Schraube M6;100;0,12;`, `${run}1;K-100;01.03.2026;A-2;Mutter M6;100;0,08;eilig`,
    `${run}2;K-200;02.03.2026;A-3;Scheibe;-5;0,05;`, `${run}3;;02.03.2026;A-3;Scheibe;10;0,05;`,
    `${run}4;K-300;31.02.2026;A-4;Winkel;4;1,50;`, `${run}5;K-300;03.03.2026;A-4;Winkel;vier;1,50;`,
  ]
  return { name: `belege-${run}.csv`, mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) }
}

async function handIn(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer } | readonly string[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(typeof file === 'object' && 'length' in file ? [...file] : file)
  await expect(page).toHaveURL(/step=recognised/)
}

test('a file that no mapping knows: guesses are confirmed, faults marked, rejects handed back, orders in', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/import')
  await handIn(page, unknownColumns('W'))
  await expect(page.getByText('We do not know these columns, and guessed what they are.')).toBeVisible()
  const preview = page.getByRole('region', { name: /first 6 rows/ })
  await expect(preview.getByRole('columnheader', { name: 'Menge' })).toContainText('Quantity')
  await expect(preview.locator('[data-problem="below-zero"]')).toHaveText(/-5/)
  await expect(preview.locator('[data-problem="not-a-date"]')).toHaveText(/31\.02\.2026/)
  await expect(preview.locator('[data-problem="not-a-number"]')).toHaveText(/vier/)

  await page.getByLabel('Description').selectOption('Bemerkung')
  await page.getByRole('button', { name: /guess(es)? and do a dry run/ }).click()
  await expect(page.getByRole('row', { name: /^Orders/ })).toHaveText(/5\s*1\s*0\s*4/)
  await expect(page.getByRole('row', { name: /^Rows/ })).toHaveText(/6\s*2\s*–.*4/)
  await expect(page.getByText('9002', { exact: false }).or(page.getByText('W2;K-200'))).toBeVisible()

  await page.getByRole('link', { name: 'Back' }).click()
  await expect(page.getByLabel('Description')).toHaveValue('Bemerkung')
  await expect(page.getByText('The mapping as you changed it is used.')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Description')).toHaveValue('Bemerkung')
  await page.getByRole('button', { name: 'Back to what was recognised' }).click()
  await expect(page.getByLabel('Description')).toHaveValue('Bezeichnung')

  await page.getByRole('button', { name: /dry run/ }).click()
  await page.getByRole('button', { name: 'Import 1 order' }).click()
  await expect(page.getByText('1 order is in.')).toBeVisible({ timeout: 20_000 })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download 4 rejected rows' }).click()
  const rejects = readFileSync(await (await download).path(), 'utf8')
  expect(rejects).toContain('KS-IMPORT-BAD-DATE')
  expect(rejects.trim().split('\n')).toHaveLength(5)
  await page.getByRole('link', { name: 'Show its order' }).click()
  const rows = page.getByRole('row').filter({ has: page.getByRole('link') })
  await expect(rows).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'W1' })).toBeVisible()
  await page.getByRole('button', { name: /not only those imported with belege-W\.csv/ }).click()
  await expect(page).not.toHaveURL(/import=/)
  await expect(rows.nth(3)).toBeVisible()
})

test('the same file once more changes nothing, and says so', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/import')
  for (const known of [0, 1]) {
    await page.goto(`${site.url}/t/acme/import`)
    await handIn(page, unknownColumns('T'))
    await page.getByRole('button', { name: /dry run/ }).click()
    await page.getByRole('button', { name: 'Import 1 order' }).click()
    await expect(page.getByText('1 order is in.')).toBeVisible({ timeout: 20_000 })
    await expect(page.getByRole('row', { name: /^Orders/ })).toHaveText(new RegExp(`5\\s*1\\s*${known}\\s*4`))
  }
})

test('two files that belong together: the second is asked for by name', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/import')
  await handIn(page, purchaseOrders('PurchaseOrderDetail.csv'))
  await expect(page.getByRole('heading', { name: 'This needs PurchaseOrderHeader.csv too' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Do a dry run' })).toBeDisabled()
  await page.locator('input[type=file]').setInputFiles(purchaseOrders('PurchaseOrderHeader.csv'))
  await expect(page.getByText('Read together with: PurchaseOrderHeader.csv')).toBeVisible()
  await page.getByRole('button', { name: 'Do a dry run' }).click()
  await expect(page.getByRole('button', { name: /^Import [\d,]+ orders$/ })).toBeEnabled({ timeout: 20_000 })
})

test('a file that holds no orders is told so, with what to do', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/import')
  await handIn(page, { name: 'order.csv', mimeType: 'text/csv', buffer: Buffer.from('%PDF-1.7 not a table') })
  await expect(page.getByText('KS-IMPORT-UNKNOWN-FILE')).toBeVisible()
  await page.getByRole('link', { name: 'Choose another file' }).click()
  await expect(page.getByRole('heading', { name: 'Drop a file here' })).toBeVisible()
})

test('a running import is stopped; what it stored stays and is told', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/acme/import')
  const rows = Array.from({ length: 30_000 }, (_, order) => [1, 2, 3].map(line => `S${order};K-${order % 50};01.03.2026;A-${line};Schraube;${line};0,12`)).flat()
  await handIn(page, { name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(['Belegnr;Kunde;Datum;Artikelnummer;Bezeichnung;Menge;Einzelpreis', ...rows].join('\n')) })
  await page.getByRole('button', { name: /dry run/ }).click()
  await page.getByRole('button', { name: /^Import [\d,]+ orders$/ }).click({ timeout: 20_000 })
  await page.getByRole('button', { name: 'Stop the import' }).click()
  await expect(page.getByText(/many\.csv was stopped\./)).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('link', { name: 'Try the rest again' })).toBeVisible()
})

test('no step of the wizard has a serious barrier', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/beta/import')
  await handIn(page, unknownColumns('X'))
  await expect(page.locator('fieldset').first()).toBeVisible()
  const recognised = page.url().slice(site.url.length)
  const dryRun = recognised.replace('recognised', 'dry-run')
  const found = await barriersInEveryLook(page, [
    { name: 'recognised', path: recognised, reach: () => expect(page.locator('fieldset').first()).toBeVisible() },
    { name: 'dry run', path: dryRun, reach: () => expect(page.getByRole('table').first()).toBeVisible() },
  ])
  await speak(page, 'en')
  await page.goto(site.url + dryRun)
  await page.getByRole('button', { name: 'Import 1 order' }).click()
  await expect(page.getByText('1 order is in.')).toBeVisible({ timeout: 20_000 })
  found.push(...await barriersInEveryLook(page, [{ name: 'result', path: page.url().slice(site.url.length), reach: () => expect(page.getByRole('table').first()).toBeVisible() }]))
  await speak(page, 'en')
  await page.goto(`${site.url}/t/beta/import`)
  await handIn(page, { name: 'order.csv', mimeType: 'text/csv', buffer: Buffer.from('%PDF-1.7 not a table') })
  found.push(...await barriersInEveryLook(page, [{ name: 'unknown file', path: page.url().slice(site.url.length), reach: () => expect(page.getByText('KS-IMPORT-UNKNOWN-FILE')).toBeVisible() }]))
  expect(found).toEqual([])
})
