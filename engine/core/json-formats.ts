/** Formats of JSON Schema that packs' commands, events and configs are checked for; others are annotations. Sources: RFC 3339, RFC 5321. */
export const JSON_FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date': text => /^\d{4}-\d{2}-\d{2}$/.test(text) && isReal(text, `${text}T00:00:00.000Z`),
  'date-time': text => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text) && isReal(text.slice(0, 10), `${text.slice(0, 10)}T00:00:00.000Z`) && !Number.isNaN(Date.parse(text)),
  'email': text => /^[^\s@<>"]{1,64}@[^\s@<>"]{1,250}$/.test(text),
}

/** 31 February would be read as 3 March. */
function isReal(day: string, instant: string): boolean {
  const time = Date.parse(instant)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day
}

/** Options of every Ajv that checks what a pack declares: not strict, since a pack may annotate its schema, e.g. with the format keelson-target. */
export const AJV_OPTIONS = { strict: false, logger: false, formats: JSON_FORMATS } as const
