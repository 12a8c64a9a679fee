/** Codes that errors and escalations are caught by. */
import type { StaticValue } from '#engine/model.ts';
import type { TransformContext } from '../context.ts';
import { constantText, isFeel, staticOf } from '../expression.ts';
import { filled, type ModdleElement } from '../moddle.ts';

/** Static, so that it is known who catches before anything runs; code null: catches all. The whole is null: reported. */
export function caughtCode(
  referenced: ModdleElement | null,
  attribute: 'errorCode' | 'escalationCode',
  { log, node }: TransformContext,
): { readonly code: StaticValue | null } | null {
  const source = referenced === null ? null : filled(referenced, attribute);
  if (source === null) return { code: null };
  const constant = constantText(source);
  if (constant === null && isFeel(source)) {
    log.add('CAUGHT_CODE_DYNAMIC', node.id, { attribute });
    return null;
  }
  return { code: staticOf(constant ?? source) };
}
