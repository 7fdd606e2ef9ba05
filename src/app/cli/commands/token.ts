import { randomBytes } from 'node:crypto'
import { isoOf } from '../../../core/time.ts'
import { Option } from 'commander'
import {
  createToken,
  listTokens,
  revokeToken,
  ROLES,
  TOKEN_BYTES,
  type Role,
} from '../../../operations/access/tokens.ts'
import type { CommandModule } from '../command.ts'
import { addExamples } from '../options.ts'
import { textTable } from '../table.ts'

interface CreateOptions {
  readonly name: string
  readonly role: Role
  readonly by: string
}

/** `bikeshare token create|list|revoke`. */
export const command: CommandModule = {
  build(command, act) {
    const create = command
      .command('create')
      .description('Make a token; its text is shown once and kept nowhere.')
      .requiredOption('--name <who>', 'whose it is; recorded with everything that is done by it')
      .addOption(new Option('--role <role>', 'what it allows').choices(ROLES).makeOptionMandatory())
      .option('--by <who>', 'who makes it, for the record', 'operator')
    addExamples(create, [
      ['token create --name ann --role operator', 'ann may change what serves'],
      ['token create --name "van 3" --role viewer', 'a phone in a van may look'],
    ])
    create.action(
      act<CreateOptions>(async (context, options) => {
        const { platform, now } = await context.openLake()
        const made = await createToken(platform.store, { ...options, now, random: randomBytes(TOKEN_BYTES) })
        const { name, role } = made.record
        return {
          human: `${made.token}\nThe ${role} token of ${name}: keep it now, it is not shown again. Send it as "Authorization: Bearer …".`,
          json: made,
        }
      }),
    )

    const list = command.command('list').description('List the tokens, without their texts.')
    addExamples(list, [['token list', 'who may do what']])
    list.action(
      act(async (context) => {
        const { platform } = await context.openLake()
        const tokens = await listTokens(platform.store)
        const rows = tokens.map((t) => [
          t.name,
          t.role,
          t.id,
          isoOf(t.created_at),
          t.created_by,
          t.revoked_at === null ? null : isoOf(t.revoked_at),
        ])
        return {
          human:
            rows.length === 0
              ? 'No token yet: `bikeshare token create --name ann --role operator`.'
              : textTable(['name', 'role', 'id', 'made', 'by', 'revoked'], rows),
          json: { tokens },
        }
      }),
    )

    const revoke = command
      .command('revoke')
      .description('End a token, at once and for good.')
      .argument('<name>', 'its name or id')
    addExamples(revoke, [['token revoke ann', 'ann’s token opens nothing any more']])
    revoke.action(
      act(async (context, _options, name = '') => {
        const { platform, now } = await context.openLake()
        const token = await revokeToken(platform.store, name, now)
        return { human: `The token of ${token.name} is revoked.`, json: { token } }
      }),
    )
  },
}
