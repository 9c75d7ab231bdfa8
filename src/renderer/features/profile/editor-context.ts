import { createContext, use } from 'react'
import type { ProfileEditor } from './use-profile-editor.ts'

const Context = createContext<ProfileEditor | null>(null)

export const EditorProvider = Context.Provider

export function useEditor(): ProfileEditor {
  const value = use(Context)
  if (value === null) throw new Error('a part of the profile editor stands outside of it')
  return value
}
