/** Settings of the installation: changed only by who saw what he changes. */
import { deadlines, deadlinesSetting } from '#contract/setting.ts';
import type { settingEndpoints } from '#contract/setting.ts';
import { appendAudit } from '#db/audit.ts';
import { readSetting, writeSetting } from '#db/settings.ts';
import type { Setting } from '#db/settings.ts';
import { wholeCountry } from '#db/region-scope.ts';
import { deadlineChanges } from '../deadlines.ts';
import type { HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { notFound, Refusal } from '../refusal.ts';

const viewOf = ({ name, value, updatedAt }: Setting) => ({ name, value: jsonView(value), updatedAt });
/** Cases cannot run by deadlines that say nothing. @throws Refusal that names them */
function assertDeadlines(value: unknown): void {
  const parsed = deadlines.safeParse(value);
  if (parsed.success) return;
  const faults = parsed.error.issues.map(({ path }) => {
    return { field: ['value', ...path].map(String).join('.'), text: 'notADuration' };
  });
  throw new Refusal('invalidRequest', 'badFields', { faults });
}
const etagOf = ({ version }: Setting): string => `"${version}"`;

export const settingHandlers: HandlersOf<typeof settingEndpoints> = {
  getSetting: async ({ params, db, response }) => {
    const setting = await db((client) => readSetting(client, params.name));
    if (setting === null) throw notFound();
    response.set('ETag', etagOf(setting));
    return viewOf(setting);
  },
  putSetting: async ({ caller, params, body, db, request, response }) => {
    // Settings hold for everybody: who runs one region only may not change them.
    if (caller.account.region !== wholeCountry) throw new Refusal('notAllowed', 'outsideRegion');
    if (params.name === deadlinesSetting) assertDeadlines(body.value);
    const match = request.get('If-Match')?.trim();
    if (match === undefined || match === '') throw new Refusal('versionRequired', 'versionRequired');
    const setting = await db(async (client) => {
      const written = await writeSetting(client, params.name, body.value, match.replace(/^"(.*)"$/, '$1'));
      if (written === null) throw new Refusal('versionConflict', 'versionChanged');
      await appendAudit(client, {
        actor: caller.account.name,
        action: 'setting.put',
        target: params.name,
        region: wholeCountry,
        detail: { value: body.value },
      });
      return written;
    });
    response.set('ETag', etagOf(setting));
    return viewOf(setting);
  },
  checkDeadlines: async ({ body, db, deps }) => ({
    items: await db((client) => deadlineChanges(client, deps.models, body.value)),
  }),
};
