/** Asks again and again until the answer is the one that is waited for, or until a person has waited long enough; gives the last answer. */
export async function askUntil<Answer>(ask: () => Promise<Answer>, isIt: (answer: Answer) => boolean, { patienceMs, againMs }: { readonly patienceMs: number; readonly againMs: number }): Promise<Answer> {
  let answer = await ask()
  for (const until = performance.now() + patienceMs; !isIt(answer) && performance.now() < until; answer = await ask()) {
    await new Promise(again => setTimeout(again, againMs))
  }
  return answer
}
