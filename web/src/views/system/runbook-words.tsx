import type { Token, Tokens } from 'marked'
import { Fragment, type ReactElement, type ReactNode } from 'react'

interface RunbookWordsProps {
  readonly tokens: readonly Token[]
  /** Opens another section; links to other documents are words alone, since only the runbook is at hand. */
  readonly onAnchor: (anchor: string) => void
}

/** Markdown as elements. Whatever is not known is shown as the text that it is. */
export function RunbookWords({ tokens, onAnchor }: RunbookWordsProps): ReactElement {
  const inner = (token: { readonly tokens?: Token[] | undefined; readonly text: string }): ReactNode =>
    token.tokens === undefined ? (
      unescape(token.text)
    ) : (
      <RunbookWords tokens={token.tokens} onAnchor={onAnchor} />
    )
  const write = (token: Token): ReactNode => {
    switch (token.type) {
      case 'paragraph':
        return <p>{inner(token as Tokens.Paragraph)}</p>
      case 'heading':
        return <h3>{inner(token as Tokens.Heading)}</h3>
      case 'strong':
        return <strong>{inner(token as Tokens.Strong)}</strong>
      case 'em':
        return <em>{inner(token as Tokens.Em)}</em>
      case 'codespan':
        return <code>{unescape((token as Tokens.Codespan).text)}</code>
      case 'code':
        return (
          <pre>
            <code>{(token as Tokens.Code).text}</code>
          </pre>
        )
      case 'list': {
        const { ordered, items } = token as Tokens.List
        // oxlint-disable-next-line react/no-array-index-key -- items of a text never move
        const lines = items.map((item, i) => <li key={i}>{inner(item)}</li>)
        return ordered ? <ol>{lines}</ol> : <ul>{lines}</ul>
      }
      case 'link': {
        const link = token as Tokens.Link
        if (!link.href.startsWith('#')) return inner(link)
        return (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              onAnchor(link.href.slice(1))
            }}
          >
            {inner(link)}
          </button>
        )
      }
      case 'space':
        return null
      default:
        return 'tokens' in token || 'text' in token ? inner(token as Tokens.Text) : null
    }
  }
  return (
    <>
      {tokens.map((token, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- words of a text never move
        <Fragment key={i}>{write(token)}</Fragment>
      ))}
    </>
  )
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** The lexer writes text for HTML; React does that itself. */
function unescape(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole)
}
