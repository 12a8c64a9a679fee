/** The connectors' needs, met by our database and the environment; for the worker. */
import { createTransport } from 'nodemailer';
import type { Pool } from 'pg';
import { z } from 'zod';
import { createDeliveries } from '#db/registry/deliveries.ts';
import { createDuplicates, refusedAmong } from '#db/registry/duplicates.ts';
import { createRegister } from '#db/registry/register.ts';
import { createMonitoring } from '#db/queries/monitoring.ts';
import { createObjections } from '#db/queries/objections.ts';
import { createUpdates } from '#db/registry/updates.ts';
import { createSubjectRights } from '#db/subject-rights.ts';
import { proposalNumbers, waitingCases } from '#db/queries/waiting-cases.ts';
import { readSetting } from '#db/settings.ts';
import type { Vault } from '#db/vault.ts';
import { overlapMatrixInForce } from './overlap-matrix.ts';
import { surveyRecord } from './survey-record.ts';
import type { ConnectorDeps, EarlierProposal, MailMessage } from './ports.ts';

const environment = z.object({
  ALUR_DUKCAPIL_URL: z.url().default('http://127.0.0.1:8091'),
  ALUR_DUKCAPIL_AGENCY: z.string().min(1).default('dinsos'),
  ALUR_DUKCAPIL_USER: z.string().default('alur'),
  ALUR_DUKCAPIL_PASSWORD: z.string().default('alur-demo'),
  ALUR_DUKCAPIL_IP: z.string().default('127.0.0.1'),
  ALUR_POS_URL: z.url().default('http://127.0.0.1:8092'),
  ALUR_POS_TOKEN: z.string().default('alur-demo'),
  ALUR_NOTIFY_URL: z.url().default('http://127.0.0.1:8093'),
  ALUR_NOTIFY_TOKEN: z.string().default('alur-demo'),
  /** smtp://user:password@host:port; absent: no e-mail. */
  ALUR_SMTP_URL: z.url().optional(),
  ALUR_MAIL_FROM: z.string().default('alur@localhost'),
});

const officeZone = 'Asia/Jakarta';
const dayInOffice = new Intl.DateTimeFormat('sv-SE', { timeZone: officeZone });

/** Same village and key ranges apply to every reader: the worker sees the whole country. Throws a ZodError for an unusable setting. */
export function connectorDeps(pool: Pool, vault: Vault, env: NodeJS.ProcessEnv): ConnectorDeps {
  const settings = environment.parse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  const deps: ConnectorDeps = {
    readSubject: (subjectKey) => vault.read(pool, subjectKey),
    findEarlierProposals: (subjectKey, limit) => earlierProposals(pool, vault, subjectKey, limit),
    waitingCases: (wait) => waitingCases(pool, wait),
    surveys: surveyRecord(pool, vault),
    register: createRegister(pool, vault),
    updates: createUpdates(pool, vault),
    monitoring: createMonitoring(pool),
    objections: createObjections(pool, vault),
    deliveries: createDeliveries(pool),
    duplicates: createDuplicates(pool, vault),
    subjectRights: createSubjectRights(pool, vault),
    overlapMatrix: () => overlapMatrixInForce(pool),
    dukcapil: {
      url: settings.ALUR_DUKCAPIL_URL,
      agency: settings.ALUR_DUKCAPIL_AGENCY,
      userId: settings.ALUR_DUKCAPIL_USER,
      password: settings.ALUR_DUKCAPIL_PASSWORD,
      clientIp: settings.ALUR_DUKCAPIL_IP,
    },
    pos: { url: settings.ALUR_POS_URL, token: settings.ALUR_POS_TOKEN },
    notification: { url: settings.ALUR_NOTIFY_URL, token: settings.ALUR_NOTIFY_TOKEN },
    readSetting: async (name) => (await readSetting(pool, name))?.value ?? null,
    nowMs: () => Date.now(),
    today: () => dayInOffice.format(new Date()),
  };
  if (settings.ALUR_SMTP_URL === undefined) return deps;
  return { ...deps, sendMail: mailer(settings.ALUR_SMTP_URL, settings.ALUR_MAIL_FROM) };
}

function mailer(url: string, from: string): (message: MailMessage) => Promise<void> {
  const transport = createTransport(url);
  return async ({ to, subject, text, id }) => {
    await transport.sendMail({ from, to, subject, text, messageId: `<${id}@alur>` });
  };
}

/** Subject keys grow with time, so of two proposals the one with the smaller key was made earlier, whatever is processed first. Pairs that people refused are left out. */
async function earlierProposals(
  pool: Pool,
  vault: Vault,
  subjectKey: string,
  limit: number,
): Promise<readonly EarlierProposal[]> {
  const self = await vault.read(pool, subjectKey);
  if (self === null) return [];
  const candidates = await vault.findCandidates(pool, self, subjectKey, limit);
  const earlier = candidates.filter((candidate) => BigInt(candidate.subjectKey) < BigInt(subjectKey));
  const keys = earlier.map((candidate) => candidate.subjectKey);
  const refused = await refusedAmong(pool, subjectKey, keys);
  const numbers = await proposalNumbers(pool, keys);
  return earlier.flatMap((candidate) => {
    const number = numbers.get(candidate.subjectKey);
    return number === undefined || refused.has(candidate.subjectKey) ? [] : [{ number, fields: candidate.citizen }];
  });
}
