import type { TFunction } from 'i18next'
import type { Job } from './use-job.ts'

/** What a job is called: an import after its file, an impact after its profile, a replay in words. */
export function jobTitle({ title, replay }: Pick<Job, 'title' | 'replay'>, t: TFunction): string {
  return replay === null ? title : t(replay.pack === null ? 'jobs:replay.title' : 'jobs:replay.titleOfPack', { count: replay.total, pack: replay.pack ?? '' })
}
