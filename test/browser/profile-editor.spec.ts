import { expect, type Locator, type Page } from '@playwright/test'
import { barriers, barriersInEveryLook } from './axe.ts'
import { signIn, tabTo, test, type Site } from './site.ts'

test.use({ reducedMotion: 'reduce' })

/** The editor on the active version; the first change begins a draft. */
async function openEditor(page: Page, site: Site, tenant: string, search = ''): Promise<void> {
  await signIn(page, site, 'administrator', `/t/${tenant}/profile?draft=none${search}`)
  await expect(page.getByRole('heading', { level: 1, name: /^Profile/ })).toBeVisible()
}

async function saved(page: Page): Promise<void> {
  await expect(page.getByText('Draft saved')).toBeVisible()
}

/** Selects a text in the source by its own search. */
async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+f')
  await expect(page.getByRole('textbox', { name: 'Search' })).toBeFocused()
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(sourceOf(page)).toBeFocused()
}

function sourceOf(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Source of the profile' })
}

/** Holds what the page asks of an address; gives what lets it go. */
async function hold(page: Page, address: string | RegExp): Promise<() => void> {
  let letGo = (): void => undefined
  const released = new Promise<void>(resolve => { letGo = resolve })
  await page.route(address, async route => {
    await released
    await route.continue()
  })
  return letGo
}

/** Undoes until the source is as it should be: how much of it was typed in one go depends on how fast. */
async function undoUntil(page: Page, isDone: (source: string) => boolean): Promise<void> {
  const shown = (): Promise<string> => sourceOf(page).innerText()
  for (let before = await shown(); !isDone(before); before = await shown()) {
    await page.keyboard.press('Control+z')
    await expect.poll(shown).not.toBe(before)
  }
}

/** The source of the draft as the engine has it. */
async function storedSource(page: Page, site: Site, tenant: string): Promise<string> {
  const draftId = new URL(page.url()).searchParams.get('draft')
  const { source } = await site.call<{ source: string }>('/queries/profile-draft', { tenant, draftId }, 'administrator')
  return source
}

/** A few letters of what is looked for, and Enter as soon as it is the one that Enter takes. */
async function choose(page: Page, letters: string, option: string | RegExp): Promise<void> {
  await page.keyboard.type(letters)
  await expect(page.getByRole('option', { name: option })).toHaveAttribute('data-combobox-selected', 'true')
  await page.keyboard.press('Enter')
}

test('approvals are set up by the keyboard alone, saved as one goes, and undone', async ({ page, site }) => {
  await openEditor(page, site, 'acme')
  await tabTo(page, page.getByRole('button', { name: 'Approvals', exact: true }))
  await page.keyboard.press('Enter')
  const who = page.getByRole('combobox', { name: 'Who decides whether' })
  await tabTo(page, who)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(who).toHaveValue('Threshold approval')
  // It begins as the pack says that one does: with somebody to ask.
  await expect(page.getByRole('textbox', { name: 'Short name' })).toHaveValue('manager')

  const currency = page.getByRole('combobox', { name: 'Currency' }).first()
  await tabTo(page, currency)
  await choose(page, 'GBP', /^GBP/)
  await expect(page.getByRole('textbox', { name: 'Limit GBP' })).toBeFocused()
  await page.keyboard.type('2500.00')
  await tabTo(page, page.getByRole('button', { name: 'Add to Stages' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Short name' }).last()).toBeFocused()
  await expect(page.getByText(/keeps? it from being published/)).toBeVisible()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('desk')
  await page.keyboard.press('Tab')
  await choose(page, 'approv', 'Approver')
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()
  await saved(page)
  const source = await storedSource(page, site, 'acme')
  expect(source).toContain("GBP: '2500.00'")
  expect(source).toMatch(/id: '?desk'?\s+role: '?approver/)
  expect(source).toContain('# Bags are sold by the bundle of ten')

  await page.getByRole('tab', { name: 'Changes' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Threshold approval')
  const undo = page.getByRole('button', { name: 'Undo', exact: true })
  while (await undo.isEnabled()) await page.keyboard.press('Control+z')
  await expect(who).toHaveValue('No approval: every order is approved by itself')
  await expect(page.getByRole('tabpanel')).toContainText('Nothing is changed.')
  await page.keyboard.press('Control+y')
  await expect(who).toHaveValue('Threshold approval')
})

test('form and source are the same document, with one way back', async ({ page, site }) => {
  await openEditor(page, site, 'beta', '&view=both')
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('Beta Stores')
  await expect(sourceOf(page)).toContainText('title: Beta Stores')
  await sourceOf(page).click()
  await find(page, 'title: Beta Stores')
  await page.keyboard.type('title: Beta Shops')
  await expect(name).toHaveValue('Beta Shops')
  // Half written it cannot be read: the forms wait, and say so.
  await page.keyboard.press('Enter')
  await page.keyboard.type('[')
  await expect(page.getByText('The source cannot be read as it stands')).toBeVisible()
  await expect(name).toBeDisabled()
  await undoUntil(page, source => source.includes('title: Beta Stores'))
  await expect(name).toHaveValue('Beta Stores')
  await undoUntil(page, source => !source.includes('Beta Stores'))
  await saved(page)
})

test('who types in the source before its schema has come is offered what fits once it comes', async ({ page, site }) => {
  const letGo = await hold(page, /profile-schema/)
  await openEditor(page, site, 'gamma', '&view=source')
  await sourceOf(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('publ')
  letGo()
  await expect(page.getByRole('option', { name: /publishing/ })).toBeVisible()
})

test('the source completes, shows findings in place, and is left by Tab', async ({ page, site }) => {
  await openEditor(page, site, 'gamma', '&view=source')
  await sourceOf(page).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('publ')
  await expect(page.getByRole('option', { name: /publishing/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.type('secon')
  await expect(page.getByRole('option', { name: /secondPerson/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.type('tru')
  await expect(page.getByRole('option', { name: 'true' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()
  await saved(page)
  expect(await storedSource(page, site, 'gamma')).toContain('publishing:\n  secondPerson: true')
  await page.keyboard.type('\nlabel: x')
  await expect(page.locator('.cm-lintRange-error')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(sourceOf(page)).not.toBeFocused()
})

test('a finding is put right with one press', async ({ page, site }) => {
  await openEditor(page, site, 'beta', '&view=source')
  await sourceOf(page).click()
  await find(page, 'confirmation: automatic')
  await page.keyboard.type('confirmation: automatc')
  await expect(page.getByText('One error keeps it from being published.')).toBeVisible()
  const panel = page.getByRole('tabpanel')
  await panel.getByRole('button', { name: 'Set Confirmation to By itself' }).click()
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()
  await expect(sourceOf(page)).toContainText('confirmation: automatic')
  await page.keyboard.press('Control+z')
  await expect(page.getByText('One error keeps it from being published.')).toBeVisible()
  // The same from the place itself, in the form.
  await panel.getByRole('button', { name: /Confirmation, line/ }).click()
  await expect(sourceOf(page)).toBeFocused()
})

test('two administrators in one draft: what goes together is merged, what does not is chosen, nothing is overwritten', async ({ page, site }) => {
  await openEditor(page, site, 'beta')
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('Beta One')
  await saved(page)
  const draftId = new URL(page.url()).searchParams.get('draft') ?? ''
  const otherSaves = async (change: (source: string) => string): Promise<void> => {
    const { revision, source } = await site.call<{ revision: number; source: string }>('/queries/profile-draft', { tenant: 'beta', draftId }, 'administrator')
    await site.call('/commands/save-profile-draft', { tenant: 'beta', draftId, revision, document: change(source) }, 'administrator')
  }
  await otherSaves(source => source.replace(/^description: .*$/m, 'description: Changed by somebody else'))
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('Changed by somebody else')
  await expect(name).toHaveValue('Beta One')

  const letGo = await hold(page, '**/rpc/commands/save-profile-draft')
  await name.fill('Mine')
  await otherSaves(source => source.replace('Beta One', 'Theirs'))
  letGo()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Mine')
  await expect(dialog).toContainText('Theirs')
  expect(await barriers(page, 'merge')).toEqual([])
  await dialog.getByRole('radio', { name: 'Mine' }).check()
  await dialog.getByRole('button', { name: 'Take this over' }).click()
  await saved(page)
  const source = await storedSource(page, site, 'beta')
  expect(source).toContain('title: Mine')
  expect(source).toContain('Changed by somebody else')
})

test('a rule between settings is made of choices, and leaves nothing behind when it goes', async ({ page, site }) => {
  await openEditor(page, site, 'beta', '&section=publishing')
  await page.getByRole('button', { name: 'Add to Own rules between settings' }).click()
  await page.getByRole('combobox', { name: 'A pack or a setting' }).click()
  await choose(page, 'above the', 'Approval › Above the limit')
  await expect(page.getByRole('combobox', { name: 'What is asked of it' })).toHaveValue('is')
  await expect(page.getByRole('combobox', { name: 'Value that it is compared with' })).toHaveValue('Ask people, stage by stage')
  await page.getByRole('textbox', { name: 'Because' }).fill('Large orders are looked at')
  await expect(page.getByText('Nothing is wrong with this profile.')).toBeVisible()
  await page.getByRole('tab', { name: 'Changes' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Then: Approval › Above the limit is Ask people, stage by stage; Because: Large orders are looked at')
  await saved(page)
  expect(await storedSource(page, site, 'beta')).toMatch(/path: packs\.threshold-approval\.config\.above\s+is: ask/)
  await page.getByRole('button', { name: 'Remove 1. Large orders are looked at' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Nothing is changed.')
})

test('a draft is talked about, at a place', async ({ page, site }) => {
  await openEditor(page, site, 'gamma', '&section=approvals&panel=comments')
  await page.getByRole('textbox', { name: 'Comment' }).fill('Is the director right for Norway?')
  await page.getByRole('button', { name: 'Add this comment' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Is the director right for Norway?')
  await expect(page.getByRole('tabpanel').getByRole('button', { name: 'Approval', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(page.getByRole('tabpanel')).not.toContainText('Norway')
})

test('a value says where it comes from, and a site may have its own', async ({ page, site }) => {
  await openEditor(page, site, 'gamma', '&panel=values&section=integrations')
  const panel = page.getByRole('tabpanel')
  await panel.getByRole('textbox', { name: 'Find a setting' }).fill('folder')
  const folder = panel.getByRole('listitem').filter({ hasText: 'outbox › Folder' })
  await expect(folder).toContainText('Profile')
  await folder.getByRole('button', { name: 'Other on this site' }).click()
  await folder.getByRole('textbox', { name: 'On this site' }).fill('outbox-here')
  await folder.getByRole('button', { name: 'Make it count here' }).click()
  await expect(folder).toContainText('This site')
  await expect(folder).toContainText('Profile: outbox')
  await expect(page.getByText('On this site: outbox-here.')).toBeVisible()
  await folder.getByRole('button', { name: 'As everywhere' }).click()
  await expect(folder).not.toContainText('This site')
})

test('who may not edit reads it all, and nothing can be typed', async ({ page, site }) => {
  await signIn(page, site, 'manager', '/t/acme/profile?section=pricing')
  await expect(page.getByRole('combobox', { name: 'Who makes the price' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0)
})

test('enlarged to 200 %, nothing runs off sideways', async ({ page, site }) => {
  await page.setViewportSize({ width: 683, height: 384 })
  await openEditor(page, site, 'acme')
  for (const search of ['section=pricing', 'view=source', 'section=look', 'section=organisation&panel=changes']) {
    await page.goto(`${site.url}/t/acme/profile?draft=none&${search}`)
    await expect(page.locator('main').getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
    expect(await page.locator('main').evaluate(main => main.scrollWidth - main.clientWidth)).toBeLessThanOrEqual(0)
  }
})

test('every section and the source have no serious barrier, in every language and look', async ({ page, site }) => {
  await signIn(page, site, 'administrator', '/t/gamma/profile?draft=none')
  const screens = [['approvals', 'section=approvals'], ['look', 'section=look'], ['both', 'view=both&section=integrations&panel=comments'], ['values', 'section=publishing&panel=values']] as const
  expect(await barriersInEveryLook(page, screens.map(([name, search]) => (
    { name, path: `/t/gamma/profile?draft=none&${search}`, reach: () => expect(page.locator('main form, main fieldset').first()).toBeVisible() })))).toEqual([])
})
