import { defineConfig } from '@playwright/test'

/** Debian's Chromium without its windows: Playwright's own cannot be fetched everywhere. */
const chromium = process.env.KEELSON_CHROMIUM ?? '/usr/bin/chromium-headless-shell'
/** A page of a test lives for seconds: to optimise its code, to collect its garbage often, to draw in a process of its own costs more than it brings. */
const args = ['--js-flags=--no-opt --no-maglev --min-semi-space-size=16', '--in-process-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]

export default defineConfig({
  testDir: 'test',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  // A trace of every test would cost a third of the time; `npx playwright test --trace on` makes one.
  use: { trace: 'off', screenshot: 'only-on-failure' },
  projects: [
    {
      name: 'browser', outputDir: 'test-results/browser', testMatch: 'browser/**/*.spec.ts', fullyParallel: false, workers: 2, timeout: 120_000,
      use: { browserName: 'chromium', viewport: { width: 1366, height: 768 }, launchOptions: { executablePath: chromium, args } },
    },
    { name: 'desktop', outputDir: 'test-results/desktop', testMatch: 'desktop/**/*.spec.ts', workers: 1, timeout: 90_000 },
  ],
})
