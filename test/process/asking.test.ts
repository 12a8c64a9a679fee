import { expect, it } from '@jest/globals';
import { asking } from '#workflows/asking.ts';

it('asks again when the answer is to another question', async () => {
  const marks: string[] = [];
  const ask = asking<number, string>((question, mark) => {
    marks.push(mark);
    // The first time the local activity of a lost attempt answers.
    return Promise.resolve({
      mark: question === 2 && marks.length === 2 ? (marks[0] ?? '') : mark,
      answer: `${question}`,
    });
  }, String);
  expect(await ask(1)).toBe('1');
  expect(await ask(2)).toBe('2');
  expect(marks).toHaveLength(3);
  expect(marks[1]).toBe(marks[2]);
});

it('takes the answers of builds that gave no mark', async () => {
  const none = asking<number, undefined>(() => Promise.resolve(undefined as never), String);
  expect(await none(1)).toBeUndefined();
  const found = asking<number, unknown>(() => Promise.resolve({ isFound: false } as never), String);
  expect(await found(1)).toEqual({ isFound: false });
});
