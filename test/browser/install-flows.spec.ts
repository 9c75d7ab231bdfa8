import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { zipSync } from 'fflate'
import { TestMedia } from '#engine/testing/signed-media.ts'
import { pricePack, profileWith } from '#test/support/install-media.ts'
import { barriers, barriersInEveryLook } from './axe.ts'
import { signIn, test, type Site } from './site.ts'

test.use({ reducedMotion: 'reduce' })

const DAY_MS = 86_400_000
let next = 0
/** Media of a publisher of its own, trusted by the site. */
async function trusted(site: Site, publisher: string, ...packs: readonly Uint8Array[]): Promise<TestMedia> {
  const media = await TestMedia.make({ repository: `e${next++}`.repeat(16) })
  media.now = Date.now() - 1000
  await media.add(packs)
  const { fingerprint } = await site.call<{ fingerprint: string }>('/commands/open-media', { folder: media.folder }, 'administrator')
  await site.call('/commands/trust-root', { folder: media.folder, fingerprint, nameSpace: [`${publisher}/*`] }, 'administrator')
  return media
}

/** Has the site install everything that is new on the media. */
async function installed(site: Site, { folder }: TestMedia): Promise<void> {
  const { install } = await site.call<{ install: string }>('/commands/start-install', { folder }, 'administrator')
  await expect.poll(async () => (await site.call<{ state: string }>('/queries/install', { install }, 'administrator')).state, { timeout: 60_000 }).toBe('succeeded')
}

async function open(page: Page, site: Site, tenant: string, { folder }: TestMedia): Promise<void> {
  await page.goto(`${site.url}/t/${tenant}/install-packs`)
  await page.getByLabel('Folder or drive').fill(folder)
  await page.getByRole('button', { name: 'Open the media' }).click()
}

async function begin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look at 1 pack' }).click()
  await page.getByRole('button', { name: 'Check and install 1 pack' }).click()
}

const done = async (page: Page): Promise<void> => { await expect(page.getByRole('button', { name: 'Save the signed record' })).toBeVisible({ timeout: 60_000 }) }

test('an install is stopped before it counts, and says what that leaves', async ({ page, site }) => {
  const media = await trusted(site, 'stop-labs', pricePack({ id: 'stopped', publisher: 'stop-labs', cases: 10_000, slow: true }))
  await signIn(page, site, 'administrator', '/t/beta/packs')
  await open(page, site, 'beta', media)
  await begin(page)
  await page.getByRole('button', { name: 'Stop the install' }).click()
  await expect(page.getByText('It was stopped; the site is as before.')).toBeVisible({ timeout: 30_000 })
  await page.goto(`${site.url}/t/beta/installs`)
  const row = page.getByRole('region', { name: 'Past installs' }).getByRole('row').nth(1)
  await expect(row).toContainText('stopped')
  await row.getByRole('link').click()
  await expect(page.getByText('It was stopped; the site is as before.')).toBeVisible()
})

test('media that has expired is taken where two people say so, and the record tells', async ({ page, site }) => {
  const media = await trusted(site, 'late-labs', pricePack({ id: 'late-fees', publisher: 'late-labs' }))
  const at = (days: number) => `${new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 19)}Z`
  media.forge('metadata/timestamp.json', signed => ({ ...signed, 'x-keelson-signed-at': at(2), expires: at(1) }), media.named('timestamp-1'))
  await signIn(page, site, 'administrator', '/t/beta/packs')
  await open(page, site, 'beta', media)
  await expect(page.getByRole('alert')).toContainText('KS-MEDIA-EXPIRED')
  await page.getByRole('button', { name: 'Take the expired media' }).click()
  await expect(page.getByText('Needed.')).toHaveCount(3)
  await page.getByLabel('First person').fill('Ann')
  await page.getByLabel('Second person').fill('Ben')
  await page.getByRole('group', { name: 'Take it although it has expired' }).getByLabel('Reason').fill('No line to the publisher')
  const found = await barriers(page, 'expired')
  await page.getByRole('button', { name: 'Take the expired media' }).click()
  await expect(page.getByRole('region', { name: 'Packs on the media' })).toBeVisible()
  await begin(page)
  await done(page)
  expect(found).toEqual([])
  await page.goto(`${site.url}/t/beta/installs`)
  await expect(page.getByRole('region', { name: 'Trusted media' }).getByRole('row').filter({ hasText: 'late-labs/*' })).toContainText('expired')
})

test('differences of cases are accepted with a reason, a version is undone, and a pack is removed', async ({ page, site }) => {
  const media = await trusted(site, 'price-labs', pricePack({ publisher: 'price-labs' }))
  await installed(site, media)
  await site.call('/commands/create-tenant', { tenant: 'quarry', profile: profileWith('quarry') }, 'administrator')
  const cases = `cases: [{ title: two at five, order: { lines: [{ quantity: '2', price: '5' }] }, expect: { pricing: { baseMinor: 1000 } } }]`
  await site.call('/commands/publish-profile', { tenant: 'quarry', document: profileWith('quarry'), cases: [cases], reason: 'Its cases' }, 'administrator')
  await media.add([pricePack({ publisher: 'price-labs', version: '1.0.1', surcharge: 3 })])

  await signIn(page, site, 'administrator', '/t/quarry/packs')
  await open(page, site, 'quarry', media)
  await page.getByRole('button', { name: 'Look at 1 pack' }).click()
  await page.getByRole('checkbox', { name: /quarry/ }).check()
  await page.getByRole('button', { name: 'Check and install 1 pack' }).click()
  await expect(page.getByRole('alert')).toContainText('KS-PACK-PROFILE-CASES', { timeout: 60_000 })
  const found = await barriers(page, 'differences')
  await page.getByRole('button', { name: 'Install with these differences' }).click()
  await expect(page.getByText('Needed.')).toBeVisible()
  await page.getByLabel('Reason').fill('Prices went up')
  await page.getByRole('button', { name: 'Install with these differences' }).click()
  await done(page)
  await expect(page.getByText('Prices went up')).toBeVisible()

  const running = async (): Promise<string[]> => (await site.call<{ id: string; version: string; tenants: { tenant: string }[] }[]>('/queries/packs', {}, 'administrator'))
    .filter(({ id, tenants }) => id === 'surcharge' && tenants.some(({ tenant }) => tenant === 'quarry')).map(({ version }) => version)
  expect(await running()).toEqual(['1.0.1'])
  await page.goto(`${site.url}/t/quarry/packs/surcharge`)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Back to the version before' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Too soon')
  await page.getByRole('dialog').getByRole('button', { name: 'Back to the version before' }).click()
  await expect(page.getByText('back to what ran before')).toBeVisible()
  await expect.poll(running).toEqual(['1.0.0'])

  // Nobody else would price: the profile has to name another pack first.
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Remove it from this tenant' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it from this tenant' }).click()
  await expect(page.getByRole('dialog').getByText('The profile of quarry names surcharge for pricing')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Back', exact: true }).click()
  await site.call('/commands/publish-profile', { tenant: 'quarry', document: profileWith('quarry').replace('{ pack: surcharge, version: ^1.0.0 }', "{ pack: flat-discount, version: ^1.0.0, config: { percent: '0', defaultCurrency: EUR } }"), reason: 'Another price' }, 'administrator')
  await page.reload()
  await page.getByRole('button', { name: 'More' }).or(page.getByRole('button', { name: /^Enable version/ })).first().waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Remove it from the site' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it from the site' }).click()
  await expect(page.getByText('nothing of it is left but its record')).toBeVisible({ timeout: 30_000 })
  found.push(...await barriers(page, 'removal'))
  expect(found).toEqual([])
})

test('media is trusted no longer by a person who may say so; what it brought stays', async ({ page, site }) => {
  await trusted(site, 'gone-labs', pricePack({ id: 'going', publisher: 'gone-labs' }))
  await signIn(page, site, 'administrator', '/t/beta/packs')
  await page.getByRole('link', { name: 'Installs and trust' }).click()
  const row = page.getByRole('region', { name: 'Trusted media' }).getByRole('row').filter({ hasText: 'gone-labs/*' })
  await row.getByRole('button', { name: 'Trust it no longer' }).click()
  await expect(page.getByRole('dialog')).toContainText('What it brought stays')
  await page.getByRole('dialog').getByLabel('Reason').fill('The contract has ended')
  await page.getByRole('dialog').getByRole('button', { name: 'Trust it no longer' }).click()
  await expect(row).toHaveCount(0)
  expect(await barriersInEveryLook(page, [{ name: 'installs', path: '/t/beta/installs', reach: () => expect(page.locator('main table').first()).toBeVisible() }])).toEqual([])
})

test('media that lies on the machine of the person is handed in and installed like a stick', async ({ page, site }) => {
  const media = await trusted(site, 'far-labs', pricePack({ id: 'from-afar', publisher: 'far-labs' }))
  await signIn(page, site, 'administrator', '/t/beta/install-packs')
  const folder = page.locator('input[type=file][webkitdirectory]')
  await folder.setInputFiles(fileURLToPath(new URL('../../resources/locales/en', import.meta.url)))
  await expect(page.getByText('There is no media in it')).toBeVisible()
  await folder.setInputFiles(media.folder)
  await expect(page.getByRole('region', { name: 'Packs on the media' })).toContainText('from-afar')
  // The same as a zip.
  await page.goto(`${site.url}/t/beta/install-packs`)
  const files = readdirSync(media.folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile()).map(each => join(each.parentPath, each.name))
  const zip = zipSync(Object.fromEntries(files.map(file => [`stick/${relative(media.folder, file)}`, new Uint8Array(readFileSync(file))])))
  await page.locator('input[type=file][accept=".zip"]').setInputFiles({ name: 'stick.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) })
  await expect(page.getByRole('region', { name: 'Packs on the media' })).toContainText('from-afar')
  await begin(page)
  await done(page)
  // What a person types next is not where this lay.
  await page.goto(`${site.url}/t/beta/install-packs`)
  await expect(page.getByLabel('Folder or drive')).toHaveValue('')
})
