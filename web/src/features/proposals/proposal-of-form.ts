/** The start form `pendaftaran` names its fields as POST /v2/proposals does; what only the form needs (a declaration) stays behind. */
import { proposalRequest } from '#contract/proposal.ts';

export const proposalProcessId = 'usulan-dtks';
const fields = Object.keys(proposalRequest.shape);

/** Empty answers are left out. `village` stands in when the form does not ask: a village account has only one. */
export function proposalOfForm(
  answers: Readonly<Record<string, unknown>>,
  sourceId: string,
  village: string | null,
): Record<string, unknown> {
  const given = Object.entries(answers).filter(
    ([field, value]) => fields.includes(field) && value !== '' && value !== null && value !== undefined,
  );
  return { ...(village === null ? {} : { kodeDesa: village }), ...Object.fromEntries(given), sourceId };
}
