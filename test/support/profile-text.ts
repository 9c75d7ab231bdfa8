/** A profile that accepts, prices and approves whatever comes. `pricing` is its entry as YAML in one line, `more` what else stands below `capabilities`, and after it. */
export function profileText(tenant: string, pricing: string, more = ''): string {
  return `schema: 2
id: ${tenant}
title: ${tenant}
organisation: [{ path: /${tenant}, name: ${tenant} }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: ${pricing}
  approval: { default: always-approve }
  confirmation: automatic
${more}`
}
