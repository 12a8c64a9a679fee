import type { CommandOf, Handler } from './handler.ts';
import { reject } from './handler.ts';

export const sendBack: Handler<CommandOf<'sendBack'>> = {
  refuse: () => reject('invalidModification', 'Under construction in this session.'),
  begin: () => undefined,
};
