/** Every planted fault is found with an example path that the engine can follow to it; sound models stay without findings. */
import { describe, expect, it } from '@jest/globals';
import { checkSoundness } from '#bpmn/soundness/check.ts';
import type { ProcessModel } from '#engine/model.ts';
import { planted, sound } from './planted.ts';
import { follow } from './follow.ts';

const found = (model: ProcessModel): string[] =>
  checkSoundness([model]).findings.map(({ severity, code, elements }) => `${severity} ${code} ${elements[0] ?? ''}`);

describe('a planted fault is found', () => {
  it.each(planted.map((fault) => [fault.name, fault] as const))('%s', (_, { model, found: expected }) => {
    expect(found(model).toSorted()).toEqual([...expected].sort());
  });
});

describe('the example path leads to the fault', () => {
  const shown = planted.filter(({ shows }) => shows !== undefined);
  it.each(shown.map((fault) => [fault.name, fault] as const))('%s', (_, { model, found: [first], shows }) => {
    const finding = checkSoundness([model]).findings.find(({ code }) => first?.split(' ')[1] === code);
    if (finding === undefined) throw new Error('nothing was found');
    const run = follow(model, finding.path);
    expect(run.missed).toEqual([]);
    if (shows === 'deadlock') expect(run.waitingBefore).toContain(finding.elements[0]);
    if (shows === 'runsTwice') expect(run.activations.get(finding.elements.at(-1) ?? '')).toBeGreaterThan(1);
    if (shows === 'endless') expect(run.incidents).toContain('LIMIT_EXCEEDED');
    if (shows === 'reached') expect(run.activations.has(finding.elements[0] ?? '')).toBe(true);
  });
});

describe('a sound model has no findings', () => {
  it.each(sound.map(({ name, model }) => [name, model] as const))('%s', (_, model) => {
    expect(checkSoundness([model])).toMatchObject({ complete: true, findings: [] });
  });
});

it('texts are complete in both languages and name the element', () => {
  for (const { model } of planted) {
    for (const { message, remedy, elements } of checkSoundness([model]).findings) {
      for (const text of [message.id, message.en, remedy.id, remedy.en]) expect(text).not.toMatch(/\{\w+\}|^$/);
      expect(message.en).toContain(elements[0]);
    }
  }
});
