const at = (file: string): URL => new URL(`../../out/engine-host/${file}`, import.meta.url)

/** Threads and the pack host as the build made them, for tests that start many: they begin in half the time of their sources, and are what people run. */
export const BUILT_ENTRIES = { writer: at('writer-thread.js'), reader: at('reader-thread.js'), packHost: at('pack-host.js') } as const
