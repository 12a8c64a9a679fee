/** Compensation (BPMN 2.0.2 §13.5.5): what was completed in a scope is undone, the last first. */
import { Frame } from './reference-model.ts';
import type { Machine, Undo } from './reference-model.ts';

/** By the handler of the activity's boundary event. */
export function undoWithHandler(machine: Machine, id: string): Undo {
  const start: Undo['start'] = (within, done) => {
    const frame = new Frame(`${id}undoes`, within);
    machine.job(frame, () => {
      machine.complete(frame);
      done();
    });
  };
  return { id, start, holder: null };
}

/** What was completed within the frame, with its variables as they are now; by `event` if there is one. null: nothing to undo. */
export function undoInside(machine: Machine, frame: Frame, event: Undo['start'] | null): Undo | null {
  const { id, undos, inTurn } = frame;
  if (undos.length === 0 && event === null) return null;
  const vars = { ...frame.vars };
  const start: Undo['start'] = (within, done) => {
    const restored = new Frame(id, within, { shown: false });
    Object.assign(restored.vars, vars);
    Object.assign(restored, { undos, inTurn });
    const finish = (): void => {
      machine.complete(restored);
      done();
    };
    if (event === null) compensate(machine, restored, { activity: null, done: finish });
    else event(restored, finish);
  };
  return { id, start, holder: null };
}

/** What was completed within what is still active counts as well, as if that had completed. */
export function rememberUnfinished(machine: Machine, frame: Frame): void {
  for (const child of frame.children) {
    rememberUnfinished(machine, child);
    const undo = undoInside(machine, child, null);
    if (undo !== null) frame.undos.push(undo);
  }
}

export interface Compensation {
  /** null: all that was completed in the scope, and around the event sub-process if that is what the scope is. */
  readonly activity: string | null;
  readonly done: () => void;
}

export function compensate(machine: Machine, scope: Frame, { activity, done }: Compensation): void {
  const waiting = visibleFrom(scope)
    .flatMap((frame) => frame.undos.map((undo) => ({ frame, undo })))
    .filter(({ undo }) => isFree(undo) && (activity === null || undo.id === activity))
    .toReversed();
  if (waiting.length === 0) return done();
  const holder = new Frame('compensation', scope, { shown: false });
  for (const { undo } of waiting) undo.holder = holder;
  let working = 0;
  const goOn = (): void => {
    for (let undo = next(); undo !== undefined; undo = next()) {
      working += 1;
      undo.start(holder, () => {
        working -= 1;
        goOn();
      });
    }
    if (working > 0 || waiting.length > 0 || holder.ended) return;
    machine.complete(holder);
    done();
  };
  const next = (): Undo | undefined => {
    if (scope.inTurn && working > 0) return undefined;
    const first = waiting.shift();
    if (first) first.frame.undos = first.frame.undos.filter((undo) => undo !== first.undo);
    return first?.undo;
  };
  goOn();
}

/** What an interrupted compensation has not begun to undo can be undone by another. */
const isFree = ({ holder }: Undo): boolean => holder === null || holder.ended;

/** Within an event sub-process also what was done in the scopes around it, which come first. */
function visibleFrom(scope: Frame): Frame[] {
  return scope.isEvent && scope.parent !== null ? [...visibleFrom(scope.parent), scope] : [scope];
}
