/** Set by `npm test -- --thorough`: every byte, every position and fifty kills instead of a sample of them. */
export const THOROUGH = process.env['KEELSON_THOROUGH'] === '1'
