import { Command } from 'commander'
import { CATALOGUE } from '../../src/app/cli/catalogue.ts'
import { addCommonOptions } from '../../src/app/cli/options.ts'

/** What is wrong with a command line, `bikeshare NAME …`: a command, subcommand or flag that is not there. */
export async function brokenCommand(line: string): Promise<string | undefined> {
  const [, name = '', ...words] = line.match(/"[^"]*"|\S+/g) ?? []
  if (name.startsWith('-') || !/^[a-z]/.test(name)) return undefined
  const [first, ...alternatives] = name.split('|')
  for (const one of [first ?? '', ...alternatives]) {
    const entry = CATALOGUE.find((found) => found.name === one)
    if (!entry) return `${line}: there is no command "${one}"`
    const command = new Command(one)
    ;(await entry.load()).command.build(command, () => async () => {})
    const wrong = wordsIn(command, words)
    if (wrong !== undefined) return `${line}: ${wrong}`
  }
  return undefined
}

function wordsIn(command: Command, words: readonly string[]): string | undefined {
  const [next = '', ...rest] = words
  if (command.commands.length > 0 && !next.startsWith('-') && next !== '') {
    const found = next.split('|').map((one) => command.commands.find((child) => child.name() === one))
    if (found.includes(undefined)) return `"${command.name()}" has no "${next}"`
    return found.map((child) => child && wordsIn(child, rest)).find((wrong) => wrong !== undefined)
  }
  const options = new Set(
    [command, addCommonOptions(new Command())].flatMap((one) => one.options.map(({ long }) => long)),
  )
  const flags = words.flatMap((word) => /^--([a-z][a-z-]*)/.exec(word)?.[0] ?? [])
  const unknown = flags.find((flag) => flag !== '--help' && !options.has(flag))
  return unknown === undefined ? undefined : `"${command.name()}" has no ${unknown}`
}
