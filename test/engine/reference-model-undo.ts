/** Compensation (BPMN 2.0.2 §13.5.5): what was completed in a scope is undone, the last first. */
import type { Activity } from './block-process.ts';
import { Frame } from './reference-model.ts';
import type { Machine, Undo } from './reference-model.ts';

/** How to undo the activity that has just completed; null: it cannot be undone. */
export function undoOf(machine: Machine, { id, undone }: Activity, frame: Frame): Undo | null {
  if (undone) return { id, start: (within, done) => handle(machine, id, within, done) };
  return frame.undos.length === 0 ? null : undoInside(machine, frame);
}

/** Undoes what was completed within the frame, with its variables as they are now. */
function undoInside(machine: Machine, frame: Frame): Undo {
  const { id, undos, inTurn } = frame;
  const vars = { ...frame.vars };
  const start: Undo['start'] = (within, done) => {
    const restored = new Frame(id, within, { shown: false });
    Object.assign(restored.vars, vars);
    Object.assign(restored, { undos, inTurn });
    compensate(machine, restored, {
      activity: null,
      done: () => {
        machine.complete(restored);
        done();
      },
    });
  };
  return { id, start };
}

/** What was completed within what is still active counts as well, as if that had completed. */
export function rememberUnfinished(machine: Machine, frame: Frame): void {
  for (const child of frame.children) {
    rememberUnfinished(machine, child);
    if (child.undos.length > 0) frame.undos.push(undoInside(machine, child));
  }
}

function handle(machine: Machine, id: string, within: Frame, done: () => void): void {
  const frame = new Frame(`${id}undoes`, within);
  machine.wait(
    'job',
    frame,
    (variables) => {
      machine.set(frame, variables);
      machine.complete(frame);
      done();
    },
    { label: `${frame.label} element` },
  );
}

/** Undoes the activity, or all of the scope; then calls `done`. */
export function compensate(
  machine: Machine,
  scope: Frame,
  { activity, done }: { readonly activity: string | null; readonly done: () => void },
): void {
  const chosen = scope.undos.filter((undo) => activity === null || undo.id === activity);
  scope.undos = scope.undos.filter((undo) => !chosen.includes(undo));
  if (chosen.length === 0) return done();
  const holder = new Frame('compensation', scope, { shown: false });
  const waiting = chosen.toReversed();
  let working = 0;
  const next = (): void => {
    if (waiting.length === 0 && working === 0) {
      machine.complete(holder);
      done();
    } else if (!scope.inTurn || working === 0) begin();
  };
  const begin = (): void => {
    const undo = waiting.shift();
    if (!undo) return;
    working += 1;
    undo.start(holder, () => {
      working -= 1;
      next();
    });
    if (!scope.inTurn) begin();
  };
  begin();
}
