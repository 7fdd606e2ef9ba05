/** A name as it is compared: without case and accents. */
export function foldName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .trim()
}

/** True when every word that was typed is in the name (folded). */
export function matchesName(folded: string, typed: string): boolean {
  return foldName(typed)
    .split(/\s+/)
    .every((word) => folded.includes(word))
}
