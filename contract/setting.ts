/** Settings of the installation by name, such as default deadlines. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime } from './values.ts';

export const setting = z
  .object({ name: z.string(), value: z.json(), updatedAt: dateTime.nullable() })
  .meta({ id: 'Setting' });
const params = z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,99}$/) });

export const settingEndpoints = {
  getSetting: endpoint({
    method: 'get',
    path: '/v2/settings/:name',
    operationId: 'getSetting',
    noun: 'Setting',
    summary: 'One setting, with its ETag',
    roles: ['administrator'],
    params,
    status: 200,
    ok: setting,
    problems: ['notFound'],
  }),
  putSetting: endpoint({
    method: 'put',
    path: '/v2/settings/:name',
    operationId: 'putSetting',
    noun: 'Setting',
    summary: 'Change a setting; `If-Match` with its ETag is required, `*` for a new one',
    roles: ['administrator'],
    params,
    body: z.strictObject({ value: z.json() }),
    status: 200,
    ok: setting,
    problems: ['versionRequired', 'versionConflict'],
  }),
};
