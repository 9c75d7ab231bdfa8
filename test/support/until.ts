/** Asks again and again, leaving the machine to what is waited for; the test's own time limit ends it. */
export async function until(done: () => Promise<boolean>): Promise<void> {
  while (!await done()) await new Promise(resolve => setTimeout(resolve, 5))
}
