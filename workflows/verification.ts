/** A verification, and the repair of what one has found: one long Activity each, begun again when its worker dies. */
import { proxyActivities } from '@temporalio/workflow';
import type { Repair } from '#activities/verification/repair.ts';
import type { Verify } from '#activities/verification/verify.ts';

const long = proxyActivities<{ 'alur.verify': Verify; 'alur.repair': Repair }>({
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '60s', maximumAttempts: 5 },
});

/** What became of it stands in PostgreSQL. */
const tell = (work: Promise<void>): Promise<void> => work.catch(() => undefined);

export const verification: Verify = (order) => tell(long['alur.verify'](order));
export const repair: Repair = (order) => tell(long['alur.repair'](order));
