import type { TFunction } from 'i18next'

/** Roles that an administrator can give; the engine refuses any other. */
export const ROLES = ['operator', 'approver', 'manager', 'administrator', 'field-engineer', 'auditor'] as const

export function roleName(role: string, t: TFunction): string {
  return t(`settings:role.${role}`, { defaultValue: role })
}

export function roleNames(roles: readonly string[], t: TFunction): string {
  return roles.length === 0 ? t('settings:noRole') : roles.map(role => roleName(role, t)).join(t('settings:listComma'))
}
