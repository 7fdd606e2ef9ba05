declare module 'date-holidays/data' {
  /** The rules behind date-holidays: its own version, and the time zones of each country by ISO 3166 code. */
  export const data: {
    readonly version: string
    readonly holidays: Readonly<Record<string, { readonly zones?: readonly string[] }>>
  }
}
