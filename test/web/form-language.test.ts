import { describe, expect, it } from '@jest/globals';
import i18next from 'i18next';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { translateValidation } from '../../web/src/components/form/form-language.ts';
import id from '../../web/src/i18n/id.json';

const t = i18next.createInstance({ lng: 'id', resources: { id: { translation: id } } });
const ready = t.init();

describe('messages of form-js', () => {
  it.each([
    ['Field is required.', 'Wajib diisi.'],
    ['Field must have minimum value of 1.', 'Paling kecil 1.'],
    ['Field must have maximum length of 16.', 'Paling banyak 16 huruf atau angka.'],
    ['Value is expected to be an integer.', 'Isi dengan bilangan bulat.'],
    ['Value is expected to have at most 2 decimal digits.', 'Paling banyak 2 angka di belakang koma.'],
    ['NIK harus 16 angka.', 'NIK harus 16 angka.'],
  ])('%s', async (message, said) => {
    await ready;
    expect(translateValidation(message, t.t)).toBe(said);
  });

  it('knows every message that the installed form-js can give', async () => {
    await ready;
    const code = readFileSync(join(process.cwd(), 'node_modules/@bpmn-io/form-js-viewer/dist/index.es.js'), 'utf8');
    const validators = code.slice(
      code.indexOf('function runNumberValidation'),
      code.indexOf('function oldEvaluateFEELValues'),
    );
    const messages = [...validators.matchAll(/'(Value[^']*\.|Field[^']*[.)])'|`((?:Please|Field)[^`]*)`/g)].map(
      (match) => match[1] ?? match[2] ?? '',
    );
    expect(messages.length).toBeGreaterThan(8);
    const untold = messages
      .map((text) => text.replaceAll(/\$\{[^}]+\}/g, '5'))
      .filter((text) => translateValidation(text, t.t) === text);
    expect(untold).toEqual([]);
  });
});
