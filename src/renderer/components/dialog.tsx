import { Modal, type ModalProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFocusBack } from './use-focus-back.ts'

/** A window that is rendered only while it is open. */
export function Dialog(props: Omit<ModalProps, 'opened'>): ReactNode {
  useFocusBack()
  return <Modal opened {...props} />
}
