/** One JSON call to an outside system. Faults carry the system's name and a code, never what was sent. */

export type CallFault = 'WAKTU_HABIS' | 'GANGGUAN' | 'JAWABAN_ASING';

/** The system could not be asked, or answered what nobody understands: worth another attempt. */
export class TechnicalError extends Error {
  readonly fault: CallFault;
  constructor(system: string, fault: CallFault, detail: string) {
    super(`${fault} (${system}${detail === '' ? '' : `, ${detail}`})`);
    this.name = 'TechnicalError';
    this.fault = fault;
  }
}

export interface Call {
  readonly system: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}
export interface CallAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Most bytes read of an answer. */
const answerBytesMost = 256 * 1024;
export const defaultTimeoutMs = 10_000;

/** POSTs JSON and reads JSON. Answers below 500 are given back; timeouts, lost connections and 5xx throw TechnicalError. */
export async function postJson(call: Call): Promise<CallAnswer> {
  const timeout = AbortSignal.timeout(call.timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(call.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...call.headers },
      body: JSON.stringify(call.body),
      signal: AbortSignal.any([timeout, call.signal]),
      redirect: 'error',
    });
    text = await response.text();
  } catch {
    // The cause may quote the request; only its kind is told.
    if (call.signal.aborted) throw new TechnicalError(call.system, 'GANGGUAN', 'canceled');
    throw timeout.aborted
      ? new TechnicalError(call.system, 'WAKTU_HABIS', `${String(call.timeoutMs)} ms`)
      : new TechnicalError(call.system, 'GANGGUAN', 'no connection');
  }
  if (response.status >= 500 || response.status === 429)
    throw new TechnicalError(call.system, 'GANGGUAN', `HTTP ${String(response.status)}`);
  if (text.length > answerBytesMost) throw new TechnicalError(call.system, 'JAWABAN_ASING', 'too large');
  try {
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  } catch {
    throw new TechnicalError(call.system, 'JAWABAN_ASING', `HTTP ${String(response.status)}, not JSON`);
  }
}
