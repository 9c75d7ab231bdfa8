import { expect, type Page } from '@playwright/test'
import { TestMedia } from '#engine/testing/signed-media.ts'
import { pricePack } from '#test/support/install-media.ts'
import { barriers, barriersInEveryLook } from './axe.ts'
import { signIn, test, type Site } from './site.ts'

/** Media of a publisher of its own, signed now. */
async function mediaOf(repository: string, pack: Uint8Array): Promise<TestMedia> {
  const media = await TestMedia.make({ repository })
  media.now = Date.now() - 1000
  await media.add([pack])
  return media
}

async function openMedia(page: Page, site: Site, { folder }: TestMedia): Promise<void> {
  await page.goto(`${site.url}/t/beta/install-packs`)
  await page.getByLabel('Folder or drive').fill(folder)
  await page.getByRole('button', { name: 'Open the media' }).click()
}

async function trust(page: Page): Promise<void> {
  const shown = await page.locator('bdi[class*=fingerprint]').textContent()
  await page.getByLabel('Fingerprint that the publisher gave you').fill(shown ?? '')
  await page.getByLabel('I compared it').check()
  await page.getByRole('button', { name: 'Trust this media' }).click()
  await expect(page.getByRole('region', { name: 'Packs on the media' })).toBeVisible()
}

async function installed(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Save the signed record' })).toBeVisible({ timeout: 60_000 })
}

test('packs come from media that a person trusts, are checked, and leave a record', async ({ page, site }) => {
  const media = await mediaOf('c1'.repeat(16), pricePack({ id: 'late-fee', publisher: 'west-labs', cases: 3 }))
  await signIn(page, site, 'administrator', '/t/beta/packs')
  await page.getByRole('link', { name: 'Install packs' }).click()
  await page.getByRole('button', { name: 'Open the media' }).click()
  await expect(page.getByText('Needed.')).toBeVisible()
  await page.getByLabel('Folder or drive').fill('/no/such/folder')
  await page.getByRole('button', { name: 'Open the media' }).click()
  await expect(page.getByRole('alert')).toContainText('KS-')

  await openMedia(page, site, media)
  await page.getByLabel('Fingerprint that the publisher gave you').fill('0000 0000')
  await page.getByLabel('I compared it').check()
  await page.getByRole('button', { name: 'Trust this media' }).click()
  await expect(page.getByRole('alert')).toContainText('KS-TRUST-FINGERPRINT')
  const found = await barriers(page, 'trust')
  await trust(page)
  found.push(...await barriers(page, 'contents'))
  await page.getByRole('button', { name: 'Look at 1 pack' }).click()
  await expect(page.getByRole('region', { name: 'Surcharge 1.0.0' })).toContainText('MIT')
  found.push(...await barriers(page, 'plan'))
  // Going back loses nothing.
  await page.getByRole('link', { name: 'Contents and trust' }).click()
  await expect(page.getByRole('checkbox', { name: 'Select late-fee 1.0.0' })).toBeChecked()
  await page.getByRole('button', { name: 'Look at 1 pack' }).click()
  await page.getByLabel('Reason').fill('Asked for by sales')
  await page.getByRole('button', { name: 'Check and install 1 pack' }).click()
  await installed(page)
  await expect(page.getByRole('region', { name: 'Checks' })).toContainText('All 3 cases passed.')
  await expect(page.getByText('Asked for by sales')).toBeVisible()
  found.push(...await barriers(page, 'outcome'))
  await page.getByRole('button', { name: 'Write the record' }).click()
  await expect(page.getByText('Written:')).toContainText(media.folder)
  expect(found).toEqual([])

  await page.getByRole('link', { name: 'Go to packs' }).click()
  await page.getByRole('row', { name: /late-fee|Surcharge/ }).first().getByRole('link').click()
  await expect(page.getByText('not stated')).toHaveCount(0)
  await page.getByRole('link', { name: 'Open the record' }).click()
  await expect(page.getByRole('region', { name: 'Checks' })).toContainText('every byte is as signed')
})

test('a pack that does not pass its own cases is not installed, and the wizard says which', async ({ page, site }) => {
  const media = await mediaOf('c2'.repeat(16), pricePack({ id: 'wrong-fee', publisher: 'east-labs', cases: 'wrong' }))
  await signIn(page, site, 'administrator', '/t/beta/packs')
  await openMedia(page, site, media)
  await trust(page)
  await page.getByRole('button', { name: 'Look at 1 pack' }).click()
  await page.getByRole('button', { name: 'Check and install 1 pack' }).click()
  await expect(page.getByRole('alert')).toContainText('KS-PACK-OWN-CASES', { timeout: 60_000 })
  await expect(page.getByText('1 of its 1 own cases fail:')).toBeVisible()
  await page.getByRole('button', { name: 'Back to the plan' }).click()
  await expect(page.getByRole('button', { name: 'Check and install 1 pack' })).toBeEnabled()
})

test('a pack is switched off and on again for a tenant, each with its consequences', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/packs/notify')
  await expect(page.getByRole('region', { name: 'The last hour, by contract' })).toBeVisible()
  await page.getByRole('button', { name: 'Switch it off' }).click()
  await expect(page.getByRole('dialog')).toContainText('nothing is lost')
  await page.getByRole('dialog').getByLabel('Reason').fill('Under test')
  await page.getByRole('dialog').getByRole('button', { name: 'Switch it off' }).click()
  await page.getByRole('button', { name: 'Ask it again' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Ask it again' }).click()
  await expect(page.getByRole('button', { name: 'Switch it off' })).toBeVisible()
})

test('who may not install sees the packs, and no way to install', async ({ page, site }) => {
  await signIn(page, site, 'operator', '/t/beta/packs')
  await expect(page.getByRole('link', { name: 'Flat discount' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Install packs' })).toHaveCount(0)
  await page.goto(`${site.url}/t/beta/install-packs`)
  await expect(page.getByText('You may not install packs')).toBeVisible()
})

test('the pages of packs and of their installs have no serious barrier', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/beta/packs')
  expect(await barriersInEveryLook(page, [
    { name: 'packs', path: '/t/beta/packs', reach: () => expect(page.getByRole('grid')).toBeVisible() },
    {
      name: 'pack', path: '/t/beta/packs/flat-discount', reach: async () => {
        await page.locator('main details summary').first().click()
        await expect(page.locator('main pre')).toBeVisible()
      },
    },
    { name: 'install', path: '/t/beta/install-packs', reach: () => expect(page.locator('main form')).toBeVisible() },
  ])).toEqual([])
})
