/** Colours that canvases draw with, the same as the style sheet's. Lines are told apart by dash as well. */
export interface Palette {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly surface: string
  readonly series: readonly string[]
  readonly warn: string
  readonly crit: string
  readonly good: string
  readonly band: string
}

/** After Okabe and Ito (2008), darker or lighter for 3:1 on the surface. */
export const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    text: '#18212b',
    muted: '#55616e',
    line: '#d5dbe2',
    surface: '#ffffff',
    series: ['#0b6390', '#b24a00', '#00795a', '#8a3c78', '#6b6b00', '#3d4b59'],
    warn: '#a86200',
    crit: '#b3263a',
    good: '#00795a',
    band: 'rgba(11, 99, 144, 0.12)',
  },
  dark: {
    text: '#e7ecf1',
    muted: '#9dabb8',
    line: '#2e3a45',
    surface: '#161e26',
    series: ['#63bdf0', '#f29a4b', '#3fcf9f', '#e08cc9', '#d9d25a', '#b4c0cc'],
    warn: '#f0b04a',
    crit: '#ff7d8a',
    good: '#3fcf9f',
    band: 'rgba(99, 189, 240, 0.16)',
  },
}
