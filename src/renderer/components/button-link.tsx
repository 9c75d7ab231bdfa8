import { Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react'

interface AnchorButtonProps extends ButtonProps, Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> {
  readonly ref?: Ref<HTMLAnchorElement>
}

function AnchorButton({ ref, ...props }: AnchorButtonProps): ReactNode {
  return <Button component="a" data-button {...(ref === undefined ? {} : { ref })} {...props} />
}

/** A button that goes somewhere: a link, with the address checked as any other. */
export const ButtonLink = createLink(AnchorButton)
