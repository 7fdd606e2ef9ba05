import type { Language } from '../state/parts.ts'

/** A text, or its forms by number (`Intl.PluralRules` of `{count}`). `{name}` stands for a parameter. */
export type Message = string | { readonly one: string; readonly other: string; readonly zero?: string }
export type Messages = Readonly<Record<string, Message>>

type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never
type HolesOf<M extends Message> = M extends string
  ? Holes<M>
  : M extends { readonly one: infer A extends string; readonly other: infer B extends string }
    ? Holes<A> | Holes<B> | 'count'
    : never

/** Parameters that a text wants: those between its braces. */
export type ParamsOf<M extends Message> = { readonly [K in HolesOf<M>]: string | number }

/** Texts of one view in every language. French without one of the English keys does not compile. */
export interface Texts<E extends Messages = Messages> {
  readonly en: E
  readonly fr: { readonly [K in keyof E]: Message }
}

/** Defines the texts of a view. */
export function defineTexts<const E extends Messages>(texts: Texts<E>): Texts<E> {
  return texts
}

/** A text by its key, with parameters when it has any. A number among them is written in the reader's language. */
export type Translate<E extends Messages> = <K extends keyof E & string>(
  key: K,
  ...params: [HolesOf<E[K]>] extends [never] ? [] : [ParamsOf<E[K]>]
) => string

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr' }
export function localeOf(lang: Language): string {
  return LOCALES[lang]
}

/** Reads a catalogue in one language. */
export function translator<E extends Messages>(texts: Texts<E>, lang: Language): Translate<E> {
  const plural = new Intl.PluralRules(localeOf(lang))
  const number = new Intl.NumberFormat(localeOf(lang))
  return (key, ...rest) => {
    const params = (rest[0] ?? {}) as Readonly<Record<string, string | number>>
    const message: Message = texts[lang][key]
    return textFor(message, params, plural).replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = params[name]
      return typeof value === 'number' ? number.format(value) : (value ?? hole)
    })
  }
}

function textFor(
  message: Message,
  params: Readonly<Record<string, string | number>>,
  plural: Intl.PluralRules,
): string {
  if (typeof message === 'string') return message
  const count = Number(params['count'])
  if (count === 0 && message.zero !== undefined) return message.zero
  return plural.select(count) === 'one' ? message.one : message.other
}
