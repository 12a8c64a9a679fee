/**
 * Messages to people: SMS or WhatsApp through a gateway, e-mail when configured. Texts come from templates/notifications.json; the
 * job's header `templat` names one. No NIK, no name is ever in a message. The job key makes repeated attempts one message.
 */
import { z } from 'zod';
import type { JobHandler, JobRequest } from '../job-handler.ts';
import { defaultTimeoutMs, postJson, TechnicalError } from './http.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import templateTexts from './templates/notifications.json' with { type: 'json' };

const templates: Readonly<Record<string, { readonly id: string; readonly en: string }>> = templateTexts;
const sent = z.object({ nomor: z.string().min(1).max(60) });
/** Longest reason put into a message. */
const reasonLength = 160;

/** A reason typed by staff may hold numbers of citizens; anything of 6 digits or more is cut out. */
const withoutNumbers = (text: string): string => text.replaceAll(/\d[\d .-]{4,}\d/g, '…').slice(0, reasonLength);

function reasonOf(request: JobRequest): string | null {
  const candidates = [
    request.variables['alasan'],
    partOf(request.variables['musyawarah'], 'alasan'),
    partOf(request.variables['hasilDinsos'], 'alasan'),
  ];
  return candidates.map(textOf).find((text) => text !== null) ?? null;
}

/** Text of the job's template; an unknown template is the general one. */
export function messageText(request: JobRequest): string {
  const template = templates[request.headers['templat'] ?? 'umum'] ?? templates['umum'];
  const nomor = textOf(partOf(request.variables['usulan'], 'nomor')) ?? request.businessKey ?? '';
  const reason = reasonOf(request);
  return (template?.id ?? '')
    .replaceAll('{nomor}', nomor)
    .replaceAll('{alasan}', reason === null ? (templates['tanpaAlasan']?.id ?? '') : withoutNumbers(reason));
}

/** Job `notifikasi.kirim`. Result `notifikasi` {terkirim, kanal}. Headers: `templat`, `kanal` (SMS | WHATSAPP | EMAIL), `kepada` (group or e-mail address; default the citizen). */
export const notification =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal, logger }) => {
    const text = messageText(request);
    const kanal = request.headers['kanal'] ?? 'WHATSAPP';
    const kepada = request.headers['kepada'];
    if (kanal === 'EMAIL') {
      if (deps.sendMail === undefined || kepada === undefined)
        return { outcome: 'completed', variables: { notifikasi: { terkirim: false, kanal } } };
      await deps.sendMail({ to: kepada, subject: 'Alur', text, id: request.jobKey });
      return { outcome: 'completed', variables: { notifikasi: { terkirim: true, kanal } } };
    }
    const subjectKey = textOf(request.variables['warga']);
    const phone =
      kepada === undefined && subjectKey !== null ? ((await deps.readSubject(subjectKey))?.hp ?? null) : null;
    const target = kepada === undefined ? phone : `grup:${kepada}@${request.region ?? ''}`;
    if (target === null) {
      logger.info({ jobKey: request.jobKey }, 'nobody to notify: no phone number');
      return { outcome: 'completed', variables: { notifikasi: { terkirim: false, kanal } } };
    }
    try {
      const { status, body } = await postJson({
        system: 'notifikasi',
        url: `${deps.notification.url}/v1/pesan`,
        headers: { 'Idempotency-Key': request.jobKey, Authorization: `Bearer ${deps.notification.token}` },
        body: { kanal, tujuan: target, teks: text },
        timeoutMs: deps.timeoutMs ?? defaultTimeoutMs,
        signal,
      });
      // A number nobody can reach is no reason to stop the case.
      if (status === 422) return { outcome: 'completed', variables: { notifikasi: { terkirim: false, kanal } } };
      if (status >= 300 || !sent.safeParse(body).success)
        return { outcome: 'failed', message: `JAWABAN_ASING (notifikasi, HTTP ${String(status)})` };
      return { outcome: 'completed', variables: { notifikasi: { terkirim: true, kanal } } };
    } catch (error) {
      if (error instanceof TechnicalError) return { outcome: 'failed', message: error.message };
      throw error;
    }
  };
