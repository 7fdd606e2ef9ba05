import type { LakeInfo } from '../../data/lake/lake-info.ts'

/** A lake in a few words, or that there is none. */
export function lakeText(city: string, info: LakeInfo | undefined): string {
  return info ? `"${info.city}", format ${info.format_version}, ${info.timezone}` : `none yet for "${city}"`
}
