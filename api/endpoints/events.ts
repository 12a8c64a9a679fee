/** Server-sent events: something changed, ask again. No data of the case travels here. */
import type { systemEndpoints } from '#contract/topology.ts';
import type { Handler } from '../handler.ts';
import { answered } from '../handler.ts';
import { Refusal } from '../refusal.ts';

/** A comment keeps proxies from closing a quiet stream. */
const heartbeatMs = 20_000;
/** The browser comes back by itself; a session that ended meanwhile is noticed then. */
const longestMs = 10 * 60_000;

export const streamEvents: Handler<(typeof systemEndpoints)['streamEvents']> = ({ caller, deps, response }) => {
  const write = (event: string, data: object): void =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const end = deps.live.watch(caller.account.region, ({ instanceKey, tasks }) => {
    write('case.changed', { processInstanceKey: instanceKey });
    if (tasks) write('task.changed', { processInstanceKey: instanceKey });
  });
  if (end === null) return Promise.reject(new Refusal('overloaded', 'tryLater', { retryAfterSeconds: 30 }));
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  response.write('retry: 5000\n\n');
  const beat = setInterval(() => response.write(': \n\n'), heartbeatMs);
  const last = setTimeout(() => response.end(), longestMs);
  response.once('close', () => {
    clearInterval(beat);
    clearTimeout(last);
    end();
  });
  return Promise.resolve(answered);
};
