/**
 * Reads Universal Binary JSON as XGBoost writes its `.ubj` models. Numbers of any width become numbers (int64 beyond
 * 2^53 does not occur in models), typed arrays become arrays. Throws RangeError or SyntaxError on anything damaged.
 */
export function parseUbjson(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextDecoder('utf-8', { fatal: true })
  let at = 0

  const marker = (): string => String.fromCharCode(view.getUint8(at++))
  const number = (type: string): number => {
    const start = at
    switch (type) {
      case 'i':
        at += 1
        return view.getInt8(start)
      case 'U':
        at += 1
        return view.getUint8(start)
      case 'I':
        at += 2
        return view.getInt16(start)
      case 'l':
        at += 4
        return view.getInt32(start)
      case 'L':
        at += 8
        return Number(view.getBigInt64(start))
      case 'd':
        at += 4
        return view.getFloat32(start)
      case 'D':
        at += 8
        return view.getFloat64(start)
      default:
        throw new SyntaxError(`"${type}" at byte ${start} is no type of number`)
    }
  }
  /** A length: at most the bytes that are left, since every element takes one or more. */
  const length = (): number => {
    const n = number(marker())
    if (!Number.isInteger(n) || n < 0 || n > bytes.length - at)
      throw new RangeError(`a length of ${n} at byte ${at} goes beyond the end`)
    return n
  }
  const string = (): string => {
    const n = length()
    at += n
    return text.decode(bytes.subarray(at - n, at))
  }

  const array = (depth: number): unknown[] => {
    let type: string | undefined
    if (peek() === '$') {
      at += 1
      type = marker()
      if (peek() !== '#') throw new SyntaxError(`a typed array without a length at byte ${at}`)
    }
    const out: unknown[] = []
    if (peek() === '#') {
      at += 1
      const n = length()
      for (let i = 0; i < n; i++) out.push(value(depth + 1, type))
      return out
    }
    while (peek() !== ']') out.push(value(depth + 1))
    at += 1
    return out
  }
  const object = (depth: number): Record<string, unknown> => {
    const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>
    while (peek() !== '}') {
      const key = string()
      out[key] = value(depth + 1)
    }
    at += 1
    return out
  }
  const peek = (): string => String.fromCharCode(view.getUint8(at))
  const value = (depth: number, typed?: string): unknown => {
    if (depth > MAX_DEPTH) throw new RangeError(`nested more than ${MAX_DEPTH} deep`)
    const type = typed ?? marker()
    switch (type) {
      case '{':
        return object(depth)
      case '[':
        return array(depth)
      case 'S':
        return string()
      case 'T':
        return true
      case 'F':
        return false
      case 'Z':
        return null
      default:
        return number(type)
    }
  }

  const result = value(0)
  if (at !== bytes.length) throw new SyntaxError(`${bytes.length - at} bytes after the end`)
  return result
}

const MAX_DEPTH = 64
