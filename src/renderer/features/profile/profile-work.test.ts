import { describe, expect, it } from 'vitest'
import { ProfileWork } from './profile-work.ts'

const TEXT = '# Acme\ntitle: Acme\nlook:\n  accent: \'#0b7285\' # ours\n'

function work(): { work: ProfileWork; wait: (ms: number) => void } {
  let now = 0
  return { work: new ProfileWork(TEXT, () => now), wait: ms => { now += ms } }
}

describe('the document as it is being edited', () => {
  it('takes edits of the forms and keeps comments', () => {
    const { work: edited } = work()
    expect(edited.edit([{ op: 'set', path: ['title'], value: 'Acme Gifts' }], 'Title', 'title')).toBe(true)
    expect(edited.state().text).toContain('title: Acme Gifts')
    expect(edited.state().text).toContain('# ours')
  })

  it('has one way back for forms and source', () => {
    const { work: edited, wait } = work()
    edited.edit([{ op: 'set', path: ['title'], value: 'One' }], 'Title', 'title')
    wait(5000)
    edited.type(edited.state().text.replace('One', 'Two'), 'Source')
    expect(edited.undo()).toBe('Source')
    expect(edited.state().text).toContain('title: One')
    expect(edited.undo()).toBe('Title')
    expect(edited.state().text).toBe(TEXT)
    expect(edited.state().undo).toBeNull()
    edited.redo()
    edited.redo()
    expect(edited.state().text).toContain('title: Two')
    expect(edited.redo()).toBeNull()
  })

  it('undoes what was typed in one go as one step, and another field as another', () => {
    const { work: edited, wait } = work()
    for (const value of ['A', 'Ac', 'Acm']) {
      edited.edit([{ op: 'set', path: ['title'], value }], 'Title', 'title')
      wait(200)
    }
    edited.edit([{ op: 'set', path: ['id'], value: 'acme' }], 'Id', 'id')
    edited.undo()
    expect(edited.state().text).toContain('title: Acm\n')
    edited.undo()
    expect(edited.state().text).toBe(TEXT)
  })

  it('tells fields of the forms to show the text again where it changed elsewhere, and only there', () => {
    const { work: edited } = work()
    edited.edit([{ op: 'set', path: ['title'], value: 'One' }], 'Title', 'title')
    expect(edited.state().epoch).toBe(0)
    edited.edit([{ op: 'remove', path: ['look'] }], 'Fix')
    expect(edited.state().epoch).toBe(1)
    edited.type(TEXT, 'Source')
    expect(edited.state().epoch).toBe(2)
  })

  it('takes no edit while the text cannot be read', () => {
    const { work: edited } = work()
    edited.type('title: [', 'Source')
    expect(edited.edit([{ op: 'set', path: ['title'], value: 'One' }], 'Title')).toBe(false)
    expect(edited.state().text).toBe('title: [')
  })
})
