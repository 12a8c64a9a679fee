import type { CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';

export const modifyInstance: Handler<CommandOf<'modifyInstance'>> = {
  refuse: () => reject('invalidModification', 'Under construction in this session.'),
  begin: () => undefined,
};
