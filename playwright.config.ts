import { defineConfig } from '@playwright/test'

/** Debian's Chromium: Playwright's own cannot be fetched everywhere. */
const chromium = process.env.KEELSON_CHROMIUM ?? '/usr/bin/chromium'

export default defineConfig({
  testDir: 'test',
  outputDir: 'test-results',
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
      name: 'browser', testMatch: 'browser/**/*.spec.ts', fullyParallel: false, workers: 2, timeout: 120_000,
      use: { browserName: 'chromium', viewport: { width: 1366, height: 768 }, launchOptions: { executablePath: chromium, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] } },
    },
    { name: 'desktop', testMatch: 'desktop/**/*.spec.ts', workers: 1, timeout: 90_000 },
  ],
})
