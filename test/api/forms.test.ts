import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeForm } from '#api/forms/validate.ts';
import type { JsonObject } from '#engine/json.ts';

const judge = (components: readonly JsonObject[], data: JsonObject, variables: JsonObject = {}) =>
  judgeForm({ type: 'default', components }, data, { variables, shown: new Map(), nowMs: 0, zone: 'Asia/Jakarta' });
const faults = (component: JsonObject, value: unknown) =>
  judge([{ key: 'a', ...component }], { a: value } as JsonObject).faults.map(({ text }) => text);
const options = {
  values: [
    { label: 'Satu', value: '1' },
    { label: 'Dua', value: '2' },
  ],
};

describe('a field', () => {
  it.each([
    [{ type: 'textfield', validate: { required: true } }, '  ', ['required']],
    [{ type: 'textfield', validate: { minLength: 3 } }, 'ab', ['tooShort']],
    [{ type: 'textfield', validate: { maxLength: 3 } }, 'abcd', ['tooLong']],
    [{ type: 'textfield', validate: { pattern: '^[0-9]+$' } }, '12a', ['pattern']],
    [{ type: 'textfield', validate: { validationType: 'email' } }, 'a@b', ['email']],
    [{ type: 'textfield', validate: { validationType: 'phone' } }, 'abc', ['phone']],
    [{ type: 'textarea' }, 7, ['notAText']],
    [{ type: 'number', validate: { min: 1, max: 5 } }, 0, ['tooSmall']],
    [{ type: 'number', validate: { min: 1, max: 5 } }, 6, ['tooBig']],
    [{ type: 'number' }, '5', ['notANumber']],
    [{ type: 'number', serializeToString: true }, '5', []],
    [{ type: 'number', decimalDigits: 0 }, 1.5, ['decimals']],
    [{ type: 'checkbox', validate: { required: true } }, false, ['required']],
    [{ type: 'checkbox' }, 'ya', ['notABoolean']],
    [{ type: 'radio', ...options }, '3', ['notAnOption']],
    [{ type: 'select', ...options }, '2', []],
    [{ type: 'checklist', ...options }, ['1', '3'], ['notAnOption']],
    [{ type: 'taglist', ...options }, '1', ['notAList']],
    [{ type: 'datetime', subtype: 'date' }, '2026-02-30', ['notADate']],
    [{ type: 'datetime', subtype: 'date' }, '2026-02-28', []],
    [{ type: 'datetime', subtype: 'time' }, '25:00', ['notADate']],
    [{ type: 'datetime', subtype: 'datetime' }, '2026-02-28T10:00+07:00', []],
    [{ type: 'datetime', subtype: 'datetime' }, '2026-02-28', ['notADate']],
  ])('%j with %j', (component, value, expected) => {
    expect(faults(component as JsonObject, value)).toEqual(expected);
  });
  it('may be left out unless it is required', () => {
    expect(judge([{ type: 'textfield', key: 'a' }], {}).faults).toEqual([]);
    expect(judge([{ type: 'textfield', key: 'a', validate: { required: true } }], {}).faults).toEqual([
      { field: 'a', text: 'required' },
    ]);
  });
  it('takes its options from a variable when the form says so', () => {
    const component = { type: 'select', key: 'a', valuesKey: 'pilihan' };
    expect(judge([component], { a: 'x' }, { pilihan: [{ label: 'X', value: 'x' }] }).faults).toEqual([]);
    expect(judge([component], { a: 'y' }, { pilihan: ['x'] }).faults[0]?.text).toBe('notAnOption');
  });
});

describe('a form', () => {
  const secret = { type: 'textfield', key: 'b', validate: { required: true }, conditional: { hide: '=a != "ya"' } };
  it('ignores what is hidden, also what was sent for it', () => {
    const components = [{ type: 'textfield', key: 'a' }, secret];
    expect(judge(components, { a: 'tidak', b: 'x' })).toMatchObject({ faults: [], variables: { a: 'tidak' } });
    expect(judge(components, { a: 'ya' }).faults).toEqual([{ field: 'b', text: 'required' }]);
  });
  it('lets conditions see variables of the case', () => {
    const hidden = { type: 'textfield', key: 'b', conditional: { hide: '=kasus.tahap = 1' } };
    expect(judge([hidden], { b: 'x' }, { kasus: { tahap: 1 } }).variables).toEqual({});
    expect(judge([hidden], { b: 'x' }, { kasus: { tahap: 2 } }).variables).toEqual({ b: 'x' });
  });
  it('hides the fields of a hidden group and puts a group under its path', () => {
    const group = {
      type: 'group',
      path: 'g',
      components: [{ type: 'textfield', key: 'x', validate: { required: true } }],
    };
    expect(judge([group], { g: { x: '1' } }).variables).toEqual({ g: { x: '1' } });
    expect(judge([{ ...group, conditional: { hide: '=true' } }], {}).faults).toEqual([]);
  });
  it('judges each row of a list and names it', () => {
    const list = {
      type: 'dynamiclist',
      path: 'anggota',
      components: [{ type: 'number', key: 'umur', validate: { max: 110 } }],
    };
    const { faults: found } = judge([list], { anggota: [{ umur: 3 }, { umur: 200 }, { lain: 1 }] });
    expect(found.map(({ field }) => field)).toEqual(['anggota.1.umur', 'anggota.2.lain']);
  });
  it('drops what a reader may not change, and unticked boxes are false', () => {
    const components = [
      { type: 'textfield', key: 'a', readonly: true },
      { type: 'checkbox', key: 'b' },
    ];
    expect(judge(components, { a: 'x' }).variables).toEqual({ b: false });
  });
  it('never lets an unknown name through', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const { faults: found, variables } = judge([{ type: 'textfield', key: 'a' }], data as JsonObject);
        expect(Object.keys(variables).every((name) => name === 'a')).toBe(true);
        if (Object.keys(data).some((name) => name !== 'a')) expect(found.length).toBeGreaterThan(0);
      }),
    );
  });
});
