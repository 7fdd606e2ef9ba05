const SHORTEST_SECRET = 4

/** Takes secrets out of a text, and keeps it to one short line. */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret !== undefined && secret.length >= SHORTEST_SECRET)
    .toSorted((a, b) => (b ?? '').length - (a ?? '').length)
  return (text) =>
    known
      .reduce<string>((kept, secret) => kept.replaceAll(secret ?? '', '…'), text)
      // oxlint-disable-next-line no-control-regex -- an answer from outside must not steer a terminal
      .replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
      .slice(0, 300)
}

/** What is secret in an address: the whole, who and the password, the path (a webhook's key is often there), the query. */
export function secretsOf(url: URL): string[] {
  const parts = [
    url.username,
    url.password,
    ...url.searchParams.values(),
    ...url.pathname.split('/'),
    url.search.slice(1),
  ]
  return [url.href, ...parts, ...parts.map(decoded)]
}

/** A part of an address as it is meant. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
