import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Files git tracks, and new ones it does not ignore. */
function files(): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return out.split('\0').filter((file) => file !== '' && file !== 'test/repository.test.ts')
}

function occurrences(pattern: RegExp): string[] {
  return files().flatMap((file) => {
    let text: string
    try {
      text = readFileSync(join(ROOT, file), 'utf8')
    } catch {
      return []
    }
    return text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}`] : []))
  })
}

describe('the repository', () => {
  it('is read at all', () => {
    expect(files().length).toBeGreaterThan(60)
  })

  it('names no package registry, so that every machine uses its own', () => {
    const hosts = [
      'registry.npmjs',
      'npmjs.org',
      'registry.yarnpkg',
      'pypi.org',
      'pythonhosted.org',
      'repo1.maven',
      'deb.debian.org',
      'proxy.golang',
      'static.crates',
    ]
    expect(occurrences(new RegExp(hosts.map((h) => h.replaceAll('.', String.raw`\.`)).join('|')))).toEqual([])
    expect(occurrences(/"resolved": "http/)).toEqual([])
  })

  it('holds no path of the machine it was made on', () => {
    expect(occurrences(/\/(root|home\/\w+)\/[\w.]/)).toEqual([])
  })

  it('pins every dependency', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >
    const versions = { ...manifest['dependencies'], ...manifest['devDependencies'] }
    expect(Object.entries(versions).filter(([, version]) => !/^\d/.test(version))).toEqual([])
  })
})
