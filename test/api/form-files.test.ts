/** A form names files of its own case only. */
import { describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { fieldsOf } from '#api/forms/fields.ts';
import { fileFaults } from '#api/forms/form-files.ts';
import type { FileRegister, FileRow } from '#db/files.ts';
import type { JsonObject } from '#engine/json.ts';

const ownFile = '1048577';
const othersFile = '1048578';
const files: Readonly<Record<string, string>> = { [ownFile]: '7', [othersFile]: '8' };
const register: FileRegister = {
  insert: () => Promise.reject(new Error('not asked')),
  find: (_, fileKey) => {
    const caseKey = files[fileKey];
    return Promise.resolve(caseKey === undefined ? null : ({ caseKey } as FileRow));
  },
  ofCase: () => Promise.resolve([]),
  ofFamily: () => Promise.resolve([]),
};
const fields = fieldsOf({
  components: [
    { type: 'filepicker', key: 'foto', label: 'Foto' },
    { type: 'textfield', key: 'catatan', label: 'Catatan' },
    { type: 'dynamiclist', path: 'bukti', components: [{ type: 'filepicker', key: 'berkas', label: 'Berkas' }] },
  ],
});
const faultsOf = async (variables: JsonObject) =>
  (await fileFaults({} as PoolClient, register, { fields, variables, caseKey: '7' })).map(({ field }) => field);

describe('files in a form', () => {
  it.each<readonly [string, JsonObject, readonly string[]]>([
    ['nothing is chosen', { foto: null, catatan: 'x' }, []],
    ['a file of the case', { foto: ownFile }, []],
    ['several of them', { foto: [ownFile, ownFile] }, []],
    ['a file in a row', { bukti: [{ berkas: ownFile }] }, []],
    ['a file of another case', { foto: othersFile }, ['foto']],
    ['a file of another case among its own', { foto: [ownFile, othersFile] }, ['foto']],
    ['a file that is none', { foto: '99' }, ['foto']],
    ['no key at all', { foto: 'files::1' }, ['foto']],
    ['something else', { foto: { kunci: ownFile } }, ['foto']],
    ['the row is told', { bukti: [{ berkas: ownFile }, { berkas: othersFile }] }, ['bukti.1.berkas']],
  ])('%s', async (_, variables, faults) => expect(await faultsOf(variables)).toEqual(faults));
});
