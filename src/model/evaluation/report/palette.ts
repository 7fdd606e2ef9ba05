/**
 * Colours of the charts, by what they stand for: on white, and on the report's dark page. Model and persistence are told
 * apart under every common colour blindness (blue and orange), and by dash and marker besides.
 */
export const PALETTE = {
  ink: { light: '#1d2530', dark: '#e7ebf0' },
  quiet: { light: '#566070', dark: '#a6b0be' },
  grid: { light: '#dfe3e8', dark: '#353d48' },
  paper: { light: '#fffffe', dark: '#171c23' },
  model: { light: '#005fa3', dark: '#62b0f4' },
  persistence: { light: '#b85300', dark: '#f5a255' },
  third: { light: '#9c4a82', dark: '#e0a0ca' },
  right: { light: '#d6e8f7', dark: '#173a57' },
  wrong: { light: '#fbe3d0', dark: '#57310f' },
} as const

/** Name of a colour. */
export type Colour = keyof typeof PALETTE

/** The colour on white, which charts are drawn with. */
export const light = (colour: Colour): string => PALETTE[colour].light

/** CSS that defines `--NAME` for every colour in both schemes. */
export function paletteCss(): string {
  const define = (scheme: 'light' | 'dark'): string =>
    Object.entries(PALETTE)
      .map(([name, value]) => `--${name}:${value[scheme]}`)
      .join(';')
  return `:root{color-scheme:light dark;${define('light')}}\n@media (prefers-color-scheme:dark){:root{${define('dark')}}}`
}

/** A drawn chart whose colours follow the page's scheme. */
export function themed(svg: string): string {
  return Object.entries(PALETTE).reduce(
    (text, [name, value]) => text.replaceAll(`"${value.light}"`, `"var(--${name})"`),
    svg,
  )
}
