/** The 21 acceptance scenarios of the domain brief (§11), and the stories of definitions/dtks/cases that play each. */
export interface Scenario {
  readonly number: number;
  readonly told: string;
  /** Names of stories; the first plays the scenario itself, the others its parts in other processes. */
  readonly stories: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  {
    number: 1,
    told: 'happy path by the central route',
    stories: ['usulan-penerima-pusat', 'pusat-ditetapkan'],
  },
  {
    number: 2,
    told: 'happy path by the province, with Pos',
    stories: ['usulan-penerima-provinsi', 'provinsi-ditetapkan'],
  },
  {
    number: 3,
    told: 'NIK not found, corrected by Disdukcapil in 12 days, next cycle',
    stories: ['usulan-diperbaiki-disdukcapil'],
  },
  { number: 4, told: 'a name 86 % alike is reviewed', stories: ['nik-nama-mirip-sama'] },
  { number: 5, told: 'quorum fails twice, the second meeting is valid', stories: ['musyawarah-kuorum-kedua'] },
  {
    number: 6,
    told: 'a village misses the gate, carried over three times, escalated',
    stories: ['usulan-periode-lewat'],
  },
  {
    number: 7,
    told: 'the village head vouches by SPTJM instead of a meeting',
    stories: ['musyawarah-sptjm', 'pembaruan-kematian'],
  },
  {
    number: 8,
    told: 'a duplicate across two villages is merged, the ledger moves',
    stories: ['usulan-ganda-digabungkan'],
  },
  {
    number: 9,
    told: 'a death is found at payment, the heir is paid',
    stories: ['usulan-ahli-waris', 'salur-ahli-waris'],
  },
  {
    number: 10,
    told: 'absent for 30 days, the refund is reconciled',
    stories: ['usulan-salur-lewat-waktu', 'tutup-seimbang'],
  },
  { number: 11, told: 'a malicious objection, the aid is kept', stories: ['sanggah-jahat-ditolak'] },
  { number: 12, told: 'an objection upheld, stopped from the next period', stories: ['sanggah-diterima'] },
  {
    number: 13,
    told: "Dukcapil's quota ends in the middle of a list and goes on at 00:05 without duplicates",
    stories: ['nik-kuota-di-tengah-daftar', 'pembaruan-kuota-habis'],
  },
  { number: 14, told: 'Dukcapil is down for 5 days, the survey goes on', stories: ['usulan-gangguan-dukcapil'] },
  {
    number: 15,
    told: 'an offline survey comes late and conflicts',
    stories: ['usulan-survei-susulan', 'salur-hasil-susulan'],
  },
  {
    number: 16,
    told: 'Pos returns incomplete rows, repaired or replaced',
    stories: ['pemetaan-alamat-dilengkapi', 'pemetaan-digantikan'],
  },
  { number: 17, told: 'a letter is withdrawn, compensated', stories: ['usulan-surat-ditarik'] },
  { number: 18, told: 'BLT-DD beside BPNT is blocked with its reason', stories: ['usulan-tumpang-tindih'] },
  { number: 19, told: 'the rules switch from DTKS to DTSEN while cases run', stories: ['usulan-dtks-ke-dtsen'] },
  { number: 20, told: 'a breach drill of 72 hours', stories: ['pelanggaran-latihan'] },
  // A load, no story, and not measured at this size: bench/README.md tells what was measured of one case and of the register.
  { number: 21, told: '240,000 cases, 55 % in the last 3 days, task list p95 below 1 s', stories: [] },
];
export const loadScenario = 21;
