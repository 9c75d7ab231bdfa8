import { expect, test } from 'vitest'
import { Turns } from './turns.ts'

test('what is asked for under one name runs in order, whatever became of the one before; other names do not wait', async () => {
  const turns = new Turns()
  const done: string[] = []
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => { open = resolve })
  const first = turns.take('s1', async () => {
    await gate
    done.push('first')
    throw new Error('broken')
  })
  const second = turns.take('s1', async () => void done.push('second'))
  await turns.take('s2', async () => void done.push('other'))
  expect(done).toEqual(['other'])
  open()
  await expect(first).rejects.toThrow('broken')
  await second
  expect(done).toEqual(['other', 'first', 'second'])
})
