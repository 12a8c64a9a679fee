/** States of earlier engines: an instance brings its state along when it continues as new on a later one. */
import type { InstanceState } from './instance.ts';

/** Format 2: 0.1.0, no suspension. */
type Earlier = Omit<InstanceState, 'format' | 'suspendedAtMs' | 'kept'> & { readonly format: 2 };

/** The state as this engine has it. Throws on a format that it does not know: an older engine cannot go on with a newer one's state. */
export function upgraded(state: InstanceState | Earlier): InstanceState {
  switch (state.format) {
    case 2:
      return { ...state, format: 3, suspendedAtMs: null, kept: [] };
    case 3:
      return state;
    default:
      throw new Error(`This engine does not know states of format ${JSON.stringify((state as InstanceState).format)}.`);
  }
}
