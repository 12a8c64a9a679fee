import type { CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';

export const migrateInstance: Handler<CommandOf<'migrateInstance'>> = {
  refuse: () => reject('invalidMigration', 'Under construction in this session.'),
  begin: () => undefined,
};
