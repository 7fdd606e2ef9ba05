import { lexer, type Token, type Tokens } from 'marked'

/** A section of the runbook: its heading and what stands under it, up to the next heading of its level or above. */
export interface RunbookSection {
  readonly heading: string
  readonly tokens: readonly Token[]
}

/** The anchor that a heading has where Markdown is read: lower case, words joined by hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

/** @returns Undefined when the runbook has no such section. */
export function findSection(markdown: string, anchor: string): RunbookSection | undefined {
  const tokens = lexer(markdown)
  const start = tokens.findIndex((token) => isHeading(token) && anchorOf(token.text) === anchor)
  const head = tokens[start]
  if (head === undefined || !isHeading(head)) return undefined
  const rest = tokens.slice(start + 1)
  const end = rest.findIndex((token) => isHeading(token) && token.depth <= head.depth)
  return { heading: head.text, tokens: end === -1 ? rest : rest.slice(0, end) }
}

function isHeading(token: Token): token is Tokens.Heading {
  return token.type === 'heading'
}
