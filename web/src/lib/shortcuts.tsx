/** Single-key shortcuts (WCAG 2.1.4): they can be switched off, never fire while typing, and are listed under `?`. */
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { readStored, writeStored } from './stored.ts';

export interface Shortcut {
  /** KeyboardEvent.key, lower case. */
  readonly key: string;
  /** i18n key of what it does. */
  readonly label: string;
  readonly run: () => void;
}
interface ShortcutState {
  readonly enabled: boolean;
  readonly setEnabled: (enabled: boolean) => void;
  readonly active: readonly Shortcut[];
  readonly register: (shortcuts: readonly Shortcut[]) => () => void;
}

const ShortcutContext = createContext<ShortcutState | null>(null);

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

export function ShortcutProvider({ children }: { children: ReactNode }): ReactNode {
  const [enabled, setEnabledState] = useState(() => readStored('shortcuts') !== 'off');
  const [groups, setGroups] = useState<readonly (readonly Shortcut[])[]>([]);
  const setEnabled = useCallback((value: boolean) => {
    writeStored('shortcuts', value ? 'on' : 'off');
    setEnabledState(value);
  }, []);
  const register = useCallback((shortcuts: readonly Shortcut[]) => {
    setGroups((before) => [...before, shortcuts]);
    return () => setGroups((before) => before.filter((group) => group !== shortcuts));
  }, []);
  const active = useMemo(() => groups.flat(), [groups]);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!enabled || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const shortcut = active.findLast((candidate) => candidate.key === event.key.toLowerCase());
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.run();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [enabled, active]);
  const state = useMemo(() => ({ enabled, setEnabled, active, register }), [enabled, setEnabled, active, register]);
  return <ShortcutContext value={state}>{children}</ShortcutContext>;
}

export function useShortcutState(): ShortcutState {
  const state = useContext(ShortcutContext);
  if (state === null) throw new Error('ShortcutProvider is missing');
  return state;
}

/** Registers shortcuts while the component is mounted. Pass a memoised list. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { register } = useShortcutState();
  useEffect(() => register(shortcuts), [register, shortcuts]);
}
