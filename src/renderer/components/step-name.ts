import type { TFunction } from 'i18next'

/** What failed, in words: a contract of the order's way, or a delivery and what it was to tell (`delivery:confirmed`). */
export function stepName(handler: string, t: TFunction): string {
  const [step = handler, event = 'other'] = handler.split(':')
  return t(`failures:step.${step}`, { event, defaultValue: handler })
}
