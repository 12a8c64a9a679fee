/** Settings of the installation by name, such as default deadlines. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key } from './values.ts';

export const setting = z
  .object({ name: z.string(), value: z.json(), updatedAt: dateTime.nullable() })
  .meta({ id: 'Setting' });

/** Default deadlines: profile → name → ISO 8601 duration. A case takes those of its profile along when it starts. */
export const deadlinesSetting = 'dtks.tenggat';
/** Variable of a case that holds them, by name. */
export const deadlinesVariable = 'tenggat';
/** Weeks, days and times: months are of no fixed length. */
export const deadlineForm = /^P(?=\d|T\d)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;
export const deadlines = z.record(z.string(), z.record(z.string(), z.string().regex(deadlineForm, 'notADuration')));
export type Deadlines = z.infer<typeof deadlines>;
export const deadlineLimits = { /** Cases shown of one step. */ examples: 5 } as const;

const deadlineWait = z.object({
  kind: z.enum(['timer', 'userTask']),
  processDefinitionId: z.string(),
  processDefinitionVersion: z.int(),
  elementId: z.string(),
  elementName: z.string().nullable(),
  count: z.int(),
  /** When the first and the last of them are due. */
  firstDueDate: dateTime,
  lastDueDate: dateTime,
  /** Instances that wait there, those due first. */
  examples: z.array(key).max(deadlineLimits.examples),
});
const deadlineChange = z
  .object({
    profile: z.string(),
    name: z.string(),
    /** null: not there. */
    before: z.string().nullable(),
    after: z.string().nullable(),
    /** Running cases that carry the old deadline: they keep it. */
    running: z.int(),
    /** What runs by the old deadline now, in those cases and in what they called: it stays due when it is. */
    waits: z.array(deadlineWait),
  })
  .meta({ id: 'DeadlineChange' });
export type DeadlineChange = z.infer<typeof deadlineChange>;

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
  checkDeadlines: endpoint({
    method: 'post',
    path: '/v2/deadlines/impact',
    operationId: 'checkDeadlines',
    noun: 'Setting',
    summary:
      'What other default deadlines would mean: which differ, how many running cases keep the old one, and what runs by it',
    roles: ['administrator'],
    body: z.strictObject({ value: deadlines }),
    status: 200,
    ok: z.object({ items: z.array(deadlineChange) }),
    problems: [],
    changesNothing: true,
  }),
};
