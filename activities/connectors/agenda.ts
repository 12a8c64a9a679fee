/** Job of the village meetings: everything of a village that waits for a decision of its meeting. */
import type { WaitingCase } from '#db/queries/waiting-cases.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import type { JobHandler } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import { priorityFacts, priorityVariables, rankedMost } from './priority.ts';

/** Changes of a block shown one by one; the block is decided whole. */
const changesShownMost = 100;
const itemVariables = ['usulan', 'lapangan', 'perkara', 'blok', ...priorityVariables] as const;

const listed = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** Proposals of one period are equally old: the order in which a village typed them in gives nobody a place. */
const proposalItem = (nomor: string, known: WaitingCase['variables']): JsonObject => ({
  ...priorityFacts(nomor, known),
  tanggal: partOf(known['usulan'], 'periode') ?? nomor,
  jenis: 'USULAN',
  program: partOf(known['usulan'], 'program') ?? null,
  anggota: partOf(known['rumahTangga'], 'jumlahAnggota') ?? null,
  lapangan: partOf(known['lapangan'], 'hasil') ?? null,
  saran: partOf(known['kelayakan'], 'saran') ?? null,
  alasan: listed(partOf(known['kelayakan'], 'alasan')),
});
const objectionItem = (nomor: string, known: WaitingCase['variables']): JsonObject => ({
  nomor,
  jenis: 'SANGGAH',
  usulan: partOf(partOf(known['perkara'], 'usulan'), 'nomor') ?? null,
  ringkasan: partOf(known['perkara'], 'ringkasan') ?? null,
});
const updateItem = (nomor: string, known: WaitingCase['variables']): JsonObject => {
  const changes = listed(known['blok']);
  return {
    nomor,
    jenis: 'PEMBARUAN',
    jumlah: changes.length,
    perubahan: changes.slice(0, changesShownMost).map((change) => ({
      nomor: partOf(change, 'nomor') ?? null,
      keadaan: partOf(change, 'keadaan') ?? null,
    })),
  };
};

/** What waits under a key of processes klarifikasi-sanggah (`SG-`) and pembaruan-bulanan (`PB-`) is no proposal. */
function itemOf({ correlationKey, variables }: WaitingCase): JsonObject {
  if (correlationKey.startsWith('SG-')) return objectionItem(correlationKey, variables);
  if (correlationKey.startsWith('PB-')) return updateItem(correlationKey, variables);
  return proposalItem(correlationKey, variables);
}

/**
 * Job `dtks.kumpulkan-agenda`. Result `agenda`: what waits in the village for the meeting's message, longest wait first. `jenis` says what an
 * item is: USULAN (with the facts of the decision kuota_prioritas), SANGGAH or PEMBARUAN.
 */
export const agendaCollection =
  (deps: ConnectorDeps): JobHandler =>
  async (request) => {
    const village = textOf(request.variables['kodeDesa']) ?? request.region;
    if (village === null) return { outcome: 'failed', message: 'DESA_TIDAK_ADA (musyawarah)', retries: 0 };
    const waiting = await deps.waitingCases({
      messageName: 'dtks.hasil-musyawarah',
      region: village,
      variables: itemVariables,
      limit: rankedMost,
    });
    return { outcome: 'completed', variables: { agenda: waiting.map(itemOf) } };
  };
