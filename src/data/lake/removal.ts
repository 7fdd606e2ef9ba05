/** Something to be removed, by which rule, and why. */
export interface Removal {
  readonly key: string
  readonly bytes: number
  readonly rule: string
  readonly why: string
}
