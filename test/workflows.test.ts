import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { brokenCommand } from './support/broken-command.ts'

const FOLDER = resolve(import.meta.dirname, '../.github/workflows')

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  if: z.string().optional(),
})
const workflowSchema = z.object({
  on: z.looseObject({
    workflow_dispatch: z
      .object({ inputs: z.record(z.string(), z.object({ default: z.unknown().optional() })) })
      .optional(),
  }),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  jobs: z.record(
    z.string(),
    z.object({
      needs: z.string().optional(),
      environment: z.string().optional(),
      permissions: z.unknown().optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(stepSchema),
    }),
  ),
})

const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8')
const read = (file: string): z.infer<typeof workflowSchema> => workflowSchema.parse(parse(textOf(file)))
const stepsOf = (file: string): z.infer<typeof stepSchema>[] =>
  Object.values(read(file).jobs).flatMap(({ steps }) => steps)

/** `bikeshare …` command lines of a shell script, with the words that it may add to arrays put in their places. */
function commandLines(script: string): string[] {
  const arrays = new Map<string, string>()
  for (const [, name = '', words = ''] of script.matchAll(/(\w+)\+=\(([^)]*)\)/g))
    arrays.set(name, `${arrays.get(name) ?? ''} ${words}`)
  return script
    .replaceAll('\\\n', ' ')
    .replaceAll(/"\$\{(\w+)\[@\]\}"/g, (_all, name: string) => arrays.get(name) ?? '')
    .split('\n')
    .flatMap((line) => /\bnpx (bikeshare .*?)(?: >>? .*)?$/.exec(line.trim())?.[1] ?? [])
}

const RELEASES = ['deploy_staging.yml', 'promote_prod.yml', 'rollback.yml']
const files = readdirSync(FOLDER).filter((file) => /\.ya?ml$/.test(file))

describe('the workflows', () => {
  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['ci.yml', ...RELEASES]))
  })

  it('run only commands, subcommands and flags that there are', async () => {
    const lines = files.flatMap((file) => stepsOf(file).flatMap(({ run }) => commandLines(run ?? '')))
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(
      expect.arrayContaining([
        'bikeshare gate --endpoint',
        'bikeshare promote --city',
        'bikeshare rollback --city',
      ]),
    )
    const wrong: string[] = []
    for (const line of lines) {
      const problem = await brokenCommand(line)
      if (problem !== undefined) wrong.push(problem)
    }
    expect(wrong).toEqual([])
  })

  it.each(RELEASES)('%s uses actions by their commit, with the tag beside', (file) => {
    const used = [...textOf(file).matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action)
    expect(used.length).toBeGreaterThan(2)
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it.each(RELEASES)('%s asks for nothing but an identity and the code', (file) => {
    const { permissions, jobs } = read(file)
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    expect(Object.values(jobs).every((job) => job.permissions === undefined)).toBe(true)
    expect(textOf(file)).not.toContain('secrets.')
  })

  it.each(RELEASES)('%s lets no input or context into a script but by the environment', (file) => {
    const scripts = stepsOf(file).flatMap(({ run }) => run ?? [])
    expect(scripts.length).toBeGreaterThan(1)
    for (const script of scripts) {
      expect(script).not.toContain('${{')
      // Every variable is quoted: a value is one word.
      expect(script.replaceAll(/"[^"]*"/g, '')).not.toMatch(/\$(?!\()/)
    }
  })

  it('take the inputs that a promotion needs, with their defaults', () => {
    const inputs = read('promote_prod.yml').on.workflow_dispatch?.inputs ?? {}
    expect(
      Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default])),
    ).toMatchObject({
      region: 'ca-central-1',
      city: 'nyc',
      staging_endpoint: 'bikeshare-staging',
      prod_endpoint: 'bikeshare-prod',
      model_name: undefined,
      instance_type: 'ml.m5.large',
    })
    expect(Object.keys(inputs)).toContain('model_name')
  })

  it('begin a promotion with the gate, and go on only behind it', () => {
    const { jobs } = read('promote_prod.yml')
    const [first, ...others] = Object.entries(jobs)
    expect(first?.[0]).toBe('gate')
    expect(first?.[1].steps.at(-1)?.run).toMatch(
      /^npx bikeshare gate .*--markdown >> "\$GITHUB_STEP_SUMMARY"\n?$/,
    )
    expect(others.map(([, job]) => job)).toMatchObject([{ needs: 'gate', environment: 'production' }])
  })

  it('never change what serves two at a time, nor break one off', () => {
    const groups = RELEASES.map((file) => read(file).concurrency)
    expect(groups.map((one) => one?.['cancel-in-progress'])).toEqual([false, false, false])
    expect(groups[0]?.group).toBe(groups[1]?.group)
    // A rollback does not wait for the promotion that it takes back.
    expect(groups[2]?.group).not.toBe(groups[1]?.group)
    expect(RELEASES.flatMap((file) => Object.values(read(file).jobs).at(-1)?.environment)).toEqual([
      'staging',
      'production',
      'production',
    ])
  })
})

describe('these checks', () => {
  it('see a flag that is not there, also one that an array adds', async () => {
    const script =
      'to=()\nif x; then to+=(--fly "$X"); fi\nnpx bikeshare rollback --city "$C" \\\n  --why "$W" "${to[@]}" >> "$S"'
    expect(commandLines(script)).toEqual(['bikeshare rollback --city "$C"    --why "$W"  --fly "$X"'])
    expect(await brokenCommand(commandLines(script)[0] ?? '')).toContain('has no --fly')
  })
})
