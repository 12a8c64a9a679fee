/**
 * The story of one household: what is true of it and what each person will decide about it. The oracle tells from it how the case must
 * end; the demo plays it. Lists are answers in the order of asking; past the end the last one is given again.
 */
import type { Random } from './random.ts';

export const identities = [
  'COCOK',
  'KK_BEDA',
  'NAMA_MIRIP',
  'NAMA_BEDA',
  'TANGGAL_BEDA',
  'KELAMIN_BEDA',
  'FORMAT_SALAH',
  'NIK_KELIRU',
  'TIDAK_DITEMUKAN',
  'GANDA',
  'NONAKTIF',
  'MENINGGAL',
] as const;
/** How the household's data stands to the population register. NIK_KELIRU: somebody else's number was typed. */
export type Identity = (typeof identities)[number];

/** What kind of earlier row this one resembles. */
export type Likeness = 'NIK_SAMA' | 'KK_NAMA_SAMA' | 'NAMA_TANGGAL_DESA_SAMA' | 'SALAH_KETIK_NIK' | 'KEMBAR';
export type Presence = 'ADA' | 'TIDAK_DITEMUKAN' | 'PINDAH' | 'MENINGGAL' | 'MENOLAK';
export type FieldDecision = 'ULANG' | 'PINDAH' | 'MENINGGAL' | 'DIBATALKAN' | 'DITOLAK';
export type MeetingResult = 'TERIMA' | 'TOLAK' | 'TUNDA';
export type DistrictDecision = 'SETUJU' | 'TOLAK' | 'KE_DATA' | 'KE_SURVEI' | 'KE_BA';
export type Grant = 'DITETAPKAN' | 'DAFTAR_TUNGGU' | 'DITOLAK';
export type MappingResult = 'TERPETA' | 'TIDAK_LENGKAP' | 'LUAR_WILAYAH' | 'DITOLAK';
export type DeliveryResult =
  | 'TERBAYAR'
  | 'TERTUNDA'
  | 'MENINGGAL'
  | 'PINDAH'
  | 'TIDAK_DITEMUKAN'
  | 'MENOLAK'
  | 'GANDA'
  | 'ALAMAT_TIDAK_LENGKAP';
export type LaterResult = Extract<DeliveryResult, 'TERBAYAR' | 'PINDAH' | 'TIDAK_DITEMUKAN'>;
/** What a village finds out about a family that is paid, by the answers of its monthly update. */
export type Change = 'MENINGGAL' | 'MAMPU' | 'TIDAK_DITEMUKAN' | 'LAHIR';
/** How an objection to the help of a family is decided. */
export type Objection = 'DITERIMA' | 'DITOLAK';
export type Program = 'PKH' | 'SEMBAKO' | 'PBI_JK' | 'BANPROV' | 'BLT_DD' | 'BANKAB' | 'REGISTER_SAJA';
/** LENGKAP; without RT and RW; without street, RT and RW. */
export type Address = 'LENGKAP' | 'TANPA_RT_RW' | 'HANYA_DESA';
export type WithdrawalStep = 'kunjungan' | 'berkas-ba';

export interface Story {
  /** Nobody does anything about it; its deadlines are short. */
  readonly abandoned: boolean;
  /** The citizen withdraws the proposal while this task is open. */
  readonly withdrawnAt: WithdrawalStep | null;
  readonly likeness: Likeness | null;
  /** The clerk of the village takes it for the same person. */
  readonly clerkSaysSame: boolean;
  /** The verifier takes it for a duplicate. */
  readonly verifierSaysDuplicate: boolean;
  readonly identity: Identity;
  /** The verifier takes a similar name for the same. */
  readonly sameName: boolean;
  /** Repairs until the data is right; more than 3: never by the village. */
  readonly repairs: number;
  /** The family gives up instead of repairing. */
  readonly givesUp: boolean;
  /** The civil registry corrects its register. */
  readonly registryCorrects: boolean;
  readonly deathConfirmed: boolean;
  readonly visits: readonly Presence[];
  /** The first visit to a family that was met is far too short, and the recheck finds it wrong. */
  readonly hasty: boolean;
  readonly fieldDecisions: readonly FieldDecision[];
  readonly operatorCancels: boolean;
  readonly meetings: readonly MeetingResult[];
  /** By counted vote instead of consensus. */
  readonly byVote: boolean;
  /** The sub-district returns the papers that often. */
  readonly papersReturned: number;
  /** What each sign-off of the district says of it. */
  readonly district: readonly DistrictDecision[];
  readonly program: Program;
  readonly grants: { readonly pusat: Grant; readonly provinsi: Grant; readonly daerah: Grant };
  readonly address: Address;
  /** Repairs until the address is complete; more than 2: never. */
  readonly addressRepairs: number;
  readonly mappings: readonly MappingResult[];
  /** What PT Pos reports of the one payment, in order. */
  readonly deliveries: readonly DeliveryResult[];
  /** What PT Pos reports of each payment in the months after the first, as long as it was paid. */
  readonly later: LaterResult;
  /** Found out at the end of the month that first brought help; null: nothing. */
  readonly change: Change | null;
  /** Filed at the same time; upheld it stops the help from the next real month on, after all that is played. null: nobody objects. */
  readonly objection: Objection | null;
  /** Pos reported it twice; the verifier agrees. */
  readonly paidTwice: boolean;
  readonly heirs: boolean;
  readonly received: boolean;
  /** A complaint is found true: the money did arrive. */
  readonly complaintRefuted: boolean;
  /** The register answers the first request with a fault. */
  readonly registerFault: boolean;
}

export const plainStory: Story = {
  abandoned: false,
  withdrawnAt: null,
  likeness: null,
  clerkSaysSame: false,
  verifierSaysDuplicate: false,
  identity: 'COCOK',
  sameName: true,
  repairs: 1,
  givesUp: false,
  registryCorrects: true,
  deathConfirmed: true,
  visits: ['ADA'],
  hasty: false,
  fieldDecisions: ['DITOLAK'],
  operatorCancels: false,
  meetings: ['TERIMA'],
  byVote: false,
  papersReturned: 0,
  district: ['SETUJU'],
  program: 'SEMBAKO',
  grants: { pusat: 'DITETAPKAN', provinsi: 'DITETAPKAN', daerah: 'DITETAPKAN' },
  address: 'LENGKAP',
  addressRepairs: 1,
  mappings: ['TERPETA'],
  deliveries: ['TERBAYAR'],
  later: 'TERBAYAR',
  change: null,
  objection: null,
  paidTwice: true,
  heirs: true,
  received: true,
  complaintRefuted: true,
  registerFault: false,
};

const granted = (pusat: Grant, provinsi: Grant = pusat, daerah: Grant = pusat): Pick<Story, 'grants'> => ({
  grants: { pusat, provinsi, daerah },
});
const waiting = granted('DAFTAR_TUNGGU');

/** One of each turn a case can take: a file of this size or more has them all. */
export const turns: readonly Partial<Story>[] = [
  { program: 'PKH' },
  { program: 'PBI_JK' },
  { program: 'BANPROV', deliveries: ['TERTUNDA', 'TERBAYAR'] },
  { program: 'BLT_DD' },
  { program: 'BANKAB', ...waiting },
  { program: 'REGISTER_SAJA' },
  { program: 'SEMBAKO', ...waiting },
  { program: 'BANPROV', ...granted('DITOLAK') },
  { program: 'PKH', ...granted('DITETAPKAN', 'DITOLAK') },
  { program: 'PKH', ...granted('DAFTAR_TUNGGU', 'DITOLAK') },
  { likeness: 'NIK_SAMA', verifierSaysDuplicate: true },
  { likeness: 'KK_NAMA_SAMA', verifierSaysDuplicate: true },
  { likeness: 'NAMA_TANGGAL_DESA_SAMA', clerkSaysSame: false },
  { likeness: 'NAMA_TANGGAL_DESA_SAMA', clerkSaysSame: true, verifierSaysDuplicate: true },
  { likeness: 'NAMA_TANGGAL_DESA_SAMA', clerkSaysSame: true, verifierSaysDuplicate: false },
  { likeness: 'SALAH_KETIK_NIK', identity: 'NIK_KELIRU', repairs: 1 },
  // Twins share a card, and a card gets each help once.
  { likeness: 'KEMBAR', program: 'REGISTER_SAJA' },
  { identity: 'KK_BEDA' },
  { identity: 'NAMA_MIRIP', sameName: true },
  { identity: 'NAMA_MIRIP', sameName: false, repairs: 1 },
  { identity: 'NAMA_BEDA', repairs: 2 },
  { identity: 'TANGGAL_BEDA', repairs: 3 },
  { identity: 'TANGGAL_BEDA', repairs: 4, registryCorrects: true },
  { identity: 'NAMA_BEDA', repairs: 4, registryCorrects: false },
  { identity: 'KELAMIN_BEDA', givesUp: true },
  { identity: 'FORMAT_SALAH', repairs: 2 },
  { identity: 'FORMAT_SALAH', repairs: 4, registryCorrects: false },
  { identity: 'TIDAK_DITEMUKAN', registryCorrects: true },
  { identity: 'TIDAK_DITEMUKAN', registryCorrects: false },
  { identity: 'GANDA', registryCorrects: true },
  { identity: 'NONAKTIF', registryCorrects: false },
  { identity: 'MENINGGAL', deathConfirmed: true },
  { identity: 'MENINGGAL', deathConfirmed: false, registryCorrects: true },
  { visits: ['TIDAK_DITEMUKAN', 'ADA'] },
  { visits: ['TIDAK_DITEMUKAN', 'TIDAK_DITEMUKAN'], fieldDecisions: ['DITOLAK'] },
  { visits: ['TIDAK_DITEMUKAN', 'TIDAK_DITEMUKAN', 'ADA'], fieldDecisions: ['ULANG'] },
  { hasty: true },
  { visits: ['PINDAH'], fieldDecisions: ['PINDAH'] },
  { visits: ['MENINGGAL'], fieldDecisions: ['MENINGGAL'] },
  { visits: ['MENOLAK'], fieldDecisions: ['DIBATALKAN'] },
  { operatorCancels: true },
  { meetings: ['TOLAK'] },
  { meetings: ['TOLAK'], byVote: true },
  { meetings: ['TUNDA', 'TERIMA'] },
  { meetings: ['TUNDA', 'TOLAK'], byVote: true },
  { papersReturned: 1 },
  { district: ['TOLAK'] },
  { district: ['KE_DATA', 'SETUJU'] },
  { district: ['KE_SURVEI', 'SETUJU'] },
  { district: ['KE_BA', 'SETUJU'] },
  { address: 'TANPA_RT_RW' },
  { address: 'HANYA_DESA', addressRepairs: 2 },
  { address: 'TANPA_RT_RW', addressRepairs: 9 },
  { mappings: ['TIDAK_LENGKAP', 'TERPETA'] },
  { mappings: ['LUAR_WILAYAH'] },
  { mappings: ['DITOLAK'] },
  { deliveries: ['ALAMAT_TIDAK_LENGKAP', 'TERBAYAR'] },
  { deliveries: ['MENINGGAL'], heirs: true },
  { deliveries: ['MENINGGAL'], heirs: false },
  { deliveries: ['PINDAH'] },
  { deliveries: ['TIDAK_DITEMUKAN'] },
  { deliveries: ['MENOLAK'] },
  { deliveries: ['GANDA'], paidTwice: true },
  { deliveries: ['GANDA', 'TERBAYAR'], paidTwice: false },
  { received: false, complaintRefuted: true },
  { received: false, complaintRefuted: false },
  { abandoned: true },
  { abandoned: true, identity: 'TIDAK_DITEMUKAN' },
  { withdrawnAt: 'kunjungan' },
  { withdrawnAt: 'berkas-ba' },
];

const identityMix: readonly (readonly [number, Identity])[] = [
  [82, 'COCOK'],
  [6, 'NAMA_MIRIP'],
  [2, 'TANGGAL_BEDA'],
  [1, 'KELAMIN_BEDA'],
  [2.5, 'KK_BEDA'],
  [3, 'TIDAK_DITEMUKAN'],
  [1, 'NONAKTIF'],
  [0.4, 'MENINGGAL'],
  [0.3, 'GANDA'],
  [1.5, 'FORMAT_SALAH'],
];
const programMix: readonly (readonly [number, Program])[] = [
  [30, 'SEMBAKO'],
  [22, 'PKH'],
  [14, 'PBI_JK'],
  [16, 'BANPROV'],
  [8, 'BLT_DD'],
  [5, 'BANKAB'],
  [5, 'REGISTER_SAJA'],
];
const grantMix: readonly (readonly [number, Grant])[] = [
  [82, 'DITETAPKAN'],
  [12, 'DAFTAR_TUNGGU'],
  [6, 'DITOLAK'],
];
const deliveryMix: readonly (readonly [number, Story['deliveries']])[] = [
  [93, ['TERBAYAR']],
  [4, ['TERTUNDA', 'TERBAYAR']],
  [0.6, ['MENINGGAL']],
  [0.8, ['PINDAH']],
  [0.7, ['TIDAK_DITEMUKAN']],
  [0.1, ['MENOLAK']],
  [0.3, ['GANDA']],
  [0.5, ['ALAMAT_TIDAK_LENGKAP', 'TERBAYAR']],
];

/** What becomes of help that goes on; drawn apart, so that it changes nothing of the household. */
export const drawLater = (random: Random): LaterResult =>
  random.weighted([[93, 'TERBAYAR'], [4, 'PINDAH'], [3, 'TIDAK_DITEMUKAN']]); // prettier-ignore

type Review = Pick<Story, 'change' | 'objection'>;
/** The first who are paid have one each. */
export const reviews: readonly Review[] = [
  { change: 'MENINGGAL', objection: null },
  { change: null, objection: 'DITERIMA' },
  { change: 'LAHIR', objection: null },
  { change: null, objection: 'DITOLAK' },
  { change: 'MAMPU', objection: null },
  { change: 'TIDAK_DITEMUKAN', objection: null },
];
/** What comes up at the end of the first month; drawn apart as well. */
export const drawReview = (random: Random): Review => ({
  change: drawChange(random),
  objection: drawObjection(random),
});
const drawChange = (random: Random): Change | null =>
  random.weighted([[90, null], [3, 'MENINGGAL'], [3, 'MAMPU'], [1, 'TIDAK_DITEMUKAN'], [3, 'LAHIR']]); // prettier-ignore

const drawObjection = (random: Random): Objection | null =>
  random.weighted([[96, null], [2, 'DITERIMA'], [2, 'DITOLAK']]); // prettier-ignore

/** A household as the published numbers have it (domain §3.1). */
export function drawStory(random: Random): Story {
  const likeness = random.weighted<Likeness | null>([
    [97.2, null],
    [1.5, 'NIK_SAMA'],
    [0.5, 'KK_NAMA_SAMA'],
    [0.5, 'NAMA_TANGGAL_DESA_SAMA'],
    [0.3, 'KEMBAR'],
  ]);
  // A row that resembles another is clean otherwise, so that each rule is seen alone.
  const identity = likeness === null ? random.weighted(identityMix) : 'COCOK';
  return {
    ...plainStory,
    likeness,
    identity,
    verifierSaysDuplicate: likeness === 'NIK_SAMA' || likeness === 'KK_NAMA_SAMA' || random.chance(0.5),
    clerkSaysSame: random.chance(0.4),
    sameName: random.chance(0.85),
    repairs: random.weighted([[80, 1], [15, 2], [5, 3]]), // prettier-ignore
    registryCorrects: random.chance(0.7),
    deathConfirmed: random.chance(0.8),
    program: likeness === 'KEMBAR' ? 'REGISTER_SAJA' : random.weighted(programMix),
    grants: {
      pusat: random.weighted(grantMix),
      provinsi: random.weighted(grantMix),
      daerah: random.weighted(grantMix),
    },
    deliveries: random.weighted(deliveryMix),
    heirs: random.chance(0.6),
    byVote: random.chance(0.25),
    papersReturned: random.chance(0.05) ? 1 : 0,
    registerFault: random.chance(0.01),
    ...drawField(random),
    ...drawOffices(random),
    ...drawAddress(random),
  };
}

const drawField = (random: Random): Pick<Story, 'visits' | 'hasty' | 'fieldDecisions' | 'operatorCancels'> => {
  const visits = random.weighted<readonly Presence[]>([
    [93, ['ADA']],
    [4, ['TIDAK_DITEMUKAN', 'ADA']],
    [1, ['TIDAK_DITEMUKAN', 'TIDAK_DITEMUKAN']],
    [0.8, ['PINDAH']],
    [0.5, ['MENINGGAL']],
    [0.7, ['MENOLAK']],
  ]);
  const last = visits.at(-1);
  const decision: FieldDecision =
    last === 'PINDAH' || last === 'MENINGGAL' ? last : last === 'MENOLAK' ? 'DIBATALKAN' : 'DITOLAK';
  return { visits, hasty: random.chance(0.02), fieldDecisions: [decision], operatorCancels: random.chance(0.01) };
};
const drawOffices = (random: Random): Pick<Story, 'meetings' | 'district'> => ({
  meetings: random.weighted<readonly MeetingResult[]>([
    [93, ['TERIMA']],
    [5, ['TOLAK']],
    [2, ['TUNDA', 'TERIMA']],
  ]),
  district: random.weighted<readonly DistrictDecision[]>([
    [94, ['SETUJU']],
    [2, ['TOLAK']],
    [1, ['KE_DATA', 'SETUJU']],
    [1, ['KE_SURVEI', 'SETUJU']],
    [2, ['KE_BA', 'SETUJU']],
  ]),
});
const drawAddress = (random: Random): Pick<Story, 'address' | 'addressRepairs' | 'mappings'> => ({
  address: random.weighted<Address>([
    [92, 'LENGKAP'],
    [5, 'TANPA_RT_RW'],
    [3, 'HANYA_DESA'],
  ]),
  addressRepairs: random.weighted([[80, 1], [12, 2], [8, 9]]), // prettier-ignore
  mappings: random.weighted<readonly MappingResult[]>([
    [97, ['TERPETA']],
    [2, ['TIDAK_LENGKAP', 'TERPETA']],
    [0.7, ['LUAR_WILAYAH']],
    [0.3, ['DITOLAK']],
  ]),
});
