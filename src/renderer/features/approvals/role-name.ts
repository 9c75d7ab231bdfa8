import type { TFunction } from 'i18next'

/** A role in the person's language; a name that a profile made up stays as it is. */
export function roleName(role: string, t: TFunction): string {
  return t(`settings:role.${role}`, { defaultValue: role })
}
