import { isoOf } from '../../../core/time.ts'
import { OperatorError } from '../../../core/errors.ts'
import { TARGETS, type Target } from '../../../core/contracts/features.ts'
import { diffModels } from '../../../model/registry/diff.ts'
import { readImportance } from '../../../model/registry/importance.ts'
import {
  listModels,
  modelGroup,
  readAliases,
  readManifest,
  resolveModel,
  setAlias,
} from '../../../model/registry/registry.ts'
import type { CommandModule } from '../command.ts'
import { addExamples, targetOption, targetsOf } from '../options.ts'
import { figure, textTable } from '../table.ts'

interface TargetOptions {
  readonly target: Target | 'both'
}

/** `bikeshare models list|show|diff|alias`. */
export const command: CommandModule = {
  build(command, act) {
    const list = command
      .command('list')
      .description('List the versions, newest last.')
      .addOption(targetOption())
    addExamples(list, [['models list --target bikes', 'versions, figures and aliases']])
    list.action(
      act<TargetOptions>(async (context, options) => {
        const { platform, info } = await context.openLake()
        const models = []
        for (const target of targetsOf(options.target)) {
          const group = modelGroup(info.city, target)
          const aliases = await readAliases(platform.store, group)
          for (const manifest of await listModels(platform.store, group)) {
            const names = Object.entries(aliases).flatMap(([name, version]) =>
              version === manifest.version ? [name] : [],
            )
            models.push({ manifest, aliases: names })
          }
        }
        const rows = models.map(({ manifest: m, aliases }) => [
          m.group,
          m.version,
          figure(m.metrics.validation.pr_auc),
          figure(m.metrics.validation.onset_pr_auc),
          m.rounds,
          aliases.join(', '),
        ])
        return {
          human:
            rows.length === 0
              ? 'No model yet: `bikeshare train` makes one.'
              : textTable(['group', 'version', 'PR-AUC', 'onset PR-AUC', 'rounds', 'aliases'], rows),
          json: { models },
        }
      }),
    )

    const show = command
      .command('show')
      .description('Show one version: its manifest and where its report is.')
    show.argument('<target>', 'bikes or docks').argument('[version]', 'version, alias or "latest"', 'latest')
    addExamples(show, [['models show bikes production', 'the version that the alias names']])
    show.action(
      act(async (context, _options, target = '', version = 'latest') => {
        const { platform, info, root } = await context.openLake()
        const group = modelGroup(info.city, targetOf(target))
        const manifest = await readManifest(
          platform.store,
          group,
          await resolveModel(platform.store, group, version),
        )
        const report = `${root}/models/${group}/${manifest.version}/report/report.html`
        return {
          human: `${JSON.stringify(manifest, null, 2)}\nReport: ${report}`,
          json: { manifest, report },
        }
      }),
    )

    const diff = command.command('diff').description('Compare two versions side by side.')
    diff
      .argument('<target>', 'bikes or docks')
      .argument('<a>', 'version or alias')
      .argument('<b>', 'version or alias')
    addExamples(diff, [['models diff bikes production candidate', 'what the candidate would change']])
    diff.action(
      act(async (context, _options, target = '', a = '', b = '') => {
        const { platform, info } = await context.openLake()
        const group = modelGroup(info.city, targetOf(target))
        const left = await readManifest(platform.store, group, await resolveModel(platform.store, group, a))
        const right = await readManifest(platform.store, group, await resolveModel(platform.store, group, b))
        const importance = {
          a: await readImportance(platform.store, group, left.version),
          b: await readImportance(platform.store, group, right.version),
        }
        const rows = diffModels(left, right, importance)
        return {
          human: textTable(
            ['', left.version, right.version, ''],
            rows.map((row) => [row.name, text(row.a), text(row.b), row.same ? '' : '≠']),
          ),
          json: { a: left.version, b: right.version, rows },
        }
      }),
    )

    const alias = command
      .command('alias')
      .description('Give a version a name: staging, production, candidate.')
    alias
      .argument('<target>', 'bikes or docks')
      .argument('<alias>', 'the name')
      .argument('<version>', 'version, alias or "latest"')
    alias.option('--by <who>', 'who does it, for the record', 'operator')
    addExamples(alias, [['models alias bikes candidate latest', 'the newest version is the candidate']])
    alias.action(
      act<{ by: string }>(async (context, options, target = '', name = '', wanted = '') => {
        const { platform, info, now } = await context.openLake()
        const group = modelGroup(info.city, targetOf(target))
        const version = await resolveModel(platform.store, group, wanted)
        await setAlias(platform.store, group, name, version, { by: options.by, now })
        return {
          human: `${group}: ${name} is ${version} since ${isoOf(now)}.`,
          json: { group, alias: name, version, at: now },
        }
      }),
    )
  },
}

function targetOf(word: string): Target {
  const target = TARGETS.find((t) => t === word)
  if (!target) throw new OperatorError('USAGE', `"${word}" is not a target`, `Write ${TARGETS.join(' or ')}.`)
  return target
}

/** Longer texts are cut: `--json` has them whole. */
const WIDEST = 40

function text(value: string | number | null): string {
  if (typeof value === 'number') return String(Math.round(value * 1e6) / 1e6)
  if (value === null) return '–'
  return value.length > WIDEST ? `${value.slice(0, WIDEST - 1)}…` : value
}
