/** What a kind of command needs: why it is refused, and how it begins. One table of them in commands.ts. */
import type { Command, Rejection } from './command.ts';
import type { Draft } from './draft.ts';
import type { JsonObject } from './json.ts';
import type { ProcessModel } from './model.ts';
import type { Run } from './run.ts';

export type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/** What a refusal is decided from; the same for a dry run and for the command itself. */
export interface Asked {
  readonly process: ProcessModel;
  readonly draft: Draft;
  readonly actor: string;
}

export interface Handler<C extends Command> {
  /** null: nothing speaks against it. Changes nothing. */
  readonly refuse: (asked: Asked, command: C) => Rejection | null;
  /** Its first facts and moves; what follows is `settle`. */
  readonly begin: (run: Run, command: C) => void;
  /** For fact `interventionMade`: what the command changes directly. Absent: nothing but what its facts say. */
  readonly change?: (asked: Asked, command: C) => { readonly before: JsonObject; readonly after: JsonObject };
}
export type Handlers = { readonly [T in Command['type']]: Handler<CommandOf<T>> };

export const reject = (code: Rejection['code'], message: string): Rejection => ({ code, message });
