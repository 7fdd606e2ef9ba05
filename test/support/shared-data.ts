import { join, resolve } from 'node:path'

/** Folder of the recordings: `$SHARED_DIR/data`, else `../shared/data` beside the checkout. */
export const SHARED_DATA = join(
  process.env['SHARED_DIR'] ?? resolve(import.meta.dirname, '../../../shared'),
  'data',
)
