/**
 * The oracle: tells from a household's story how its case must end. Written from the rules of the programme (who decides what, how
 * often something may be tried), not from the diagrams; it shares no code with them.
 */
import type { DeliveryResult, MappingResult, Presence, Story } from './story.ts';

export const ends = [
  'terdaftar',
  'penerima-aktif',
  'ditolak',
  'dibatalkan',
  'ganda-digabung',
  'meninggal',
  'pindah',
  'kedaluwarsa',
  'tunda-adminduk',
] as const;
export type End = (typeof ends)[number];

export interface Outlook {
  readonly end: End;
  /** Village meetings that decide about it. */
  readonly meetings: number;
  /** Sign-offs of the district that decide about it. */
  readonly signOffs: number;
  /** Lists of the ministry and decrees of the province that answer it. */
  readonly central: number;
  readonly provincial: number;
  /** Payment orders and refunds that PT Pos must see, each exactly once. */
  readonly paymentOrders: number;
  readonly refunds: number;
}

const repairsByVillage = 3;
const addressRepairsByVillage = 2;
const visitsBeforeReview = 2;

/** One walk through a story; counts what was asked so far. */
class Walk {
  readonly #story: Story;
  #visited = 0;
  #visitedAgain = false;
  #reviewed = 0;
  #meetings = 0;
  #districtAsked = 0;
  #central = 0;
  #provincial = 0;
  #addressRepaired = 0;
  #addressComplete: boolean;
  #mapped = 0;
  #paymentOrders = 0;
  #refunds = 0;

  constructor(story: Story) {
    this.#story = story;
    this.#addressComplete = story.address === 'LENGKAP';
  }

  tell(): Outlook {
    const end = this.#story.abandoned ? 'kedaluwarsa' : this.#fromTheStart();
    return {
      end,
      meetings: this.#meetings,
      signOffs: this.#districtAsked,
      central: this.#central,
      provincial: this.#provincial,
      paymentOrders: this.#paymentOrders,
      refunds: this.#refunds,
    };
  }

  #fromTheStart(): End {
    return this.#likeAnother() ?? this.#identified() ?? this.#fieldAndOffices();
  }

  /** A duplicate is merged only when a verifier says so; a mere likeness is first looked at by the clerk. */
  #likeAnother(): End | null {
    const { likeness, clerkSaysSame, verifierSaysDuplicate } = this.#story;
    switch (likeness) {
      case null:
      case 'KEMBAR':
      case 'SALAH_KETIK_NIK':
        return null;
      case 'NIK_SAMA':
      case 'KK_NAMA_SAMA':
        return verifierSaysDuplicate ? 'ganda-digabung' : null;
      case 'NAMA_TANGGAL_DESA_SAMA':
        return clerkSaysSame && verifierSaysDuplicate ? 'ganda-digabung' : null;
    }
  }

  /** null: the register confirms the person, perhaps after repairs. */
  #identified(): End | null {
    const { identity, sameName, deathConfirmed } = this.#story;
    switch (identity) {
      case 'COCOK':
      case 'KK_BEDA':
        return null;
      case 'NAMA_MIRIP':
        return sameName ? null : this.#repair();
      case 'NAMA_BEDA':
      case 'TANGGAL_BEDA':
      case 'KELAMIN_BEDA':
      case 'FORMAT_SALAH':
      case 'NIK_KELIRU':
        return this.#repair();
      case 'TIDAK_DITEMUKAN':
      case 'GANDA':
      case 'NONAKTIF':
        return this.#civilRegistry();
      case 'MENINGGAL':
        return deathConfirmed ? 'meninggal' : this.#civilRegistry();
    }
  }
  #repair(): End | null {
    const { givesUp, repairs } = this.#story;
    if (givesUp) return 'dibatalkan';
    return repairs <= repairsByVillage ? null : this.#civilRegistry();
  }
  #civilRegistry(): End | null {
    return this.#story.registryCorrects ? null : 'tunda-adminduk';
  }

  #fieldAndOffices(): End {
    for (;;) {
      const early = this.#field() ?? (this.#story.operatorCancels ? 'dibatalkan' : this.#meeting());
      if (early === 'postponed') continue;
      if (early !== null) return early;
      const later = this.#offices();
      if (later !== 'again') return later;
    }
  }

  /** Visits until the family is met; two in vain, or bad news, go to the sub-district, who may want them from the start. null: met. */
  #field(): End | null {
    const { withdrawnAt, fieldDecisions } = this.#story;
    if (withdrawnAt === 'kunjungan') return 'dibatalkan';
    for (;;) {
      if (this.#visitsFind() === 'ADA') return null;
      const decision = at(fieldDecisions, this.#reviewed);
      this.#reviewed += 1;
      if (decision === 'PINDAH') return 'pindah';
      if (decision === 'MENINGGAL') return 'meninggal';
      if (decision === 'DIBATALKAN') return 'dibatalkan';
      if (decision === 'DITOLAK') return 'ditolak';
    }
  }
  #visitsFind(): Presence {
    for (let visit = 1; ; visit += 1) {
      const presence = at(this.#story.visits, this.#visited);
      this.#visited += 1;
      if (presence === 'TIDAK_DITEMUKAN' && visit < visitsBeforeReview) continue;
      if (presence !== 'ADA' || !this.#story.hasty || this.#visitedAgain) return presence;
      // What was done in haste is done again, once.
      this.#visitedAgain = true;
    }
  }
  #meeting(): End | 'postponed' | null {
    const result = at(this.#story.meetings, this.#meetings);
    this.#meetings += 1;
    return result === 'TERIMA' ? null : result === 'TOLAK' ? 'ditolak' : 'postponed';
  }

  /** Sub-district, the district's sign-off, then the funds. 'again': back to the field and a new meeting. */
  #offices(): End | 'again' {
    const { withdrawnAt, district } = this.#story;
    if (withdrawnAt === 'berkas-ba') return 'dibatalkan';
    for (;;) {
      const decision = at(district, this.#districtAsked);
      this.#districtAsked += 1;
      if (decision === 'TOLAK') return 'ditolak';
      if (decision === 'KE_DATA' || decision === 'KE_SURVEI') return 'again';
      if (decision === 'SETUJU') return this.#funds();
    }
  }

  /** Who pays: the centre, the province or the district; the contribution to health insurance is shared by centre and province. */
  #funds(): End {
    const { program, grants } = this.#story;
    if (program === 'REGISTER_SAJA') return 'terdaftar';
    const byCentre = program === 'PKH' || program === 'SEMBAKO' || program === 'PBI_JK';
    const byProvince = program === 'PBI_JK' || program === 'BANPROV';
    if (byCentre) this.#central += 1;
    if (byProvince) this.#provincial += 1;
    const asked = [
      ...(byCentre ? [grants.pusat] : []),
      ...(byProvince ? [grants.provinsi] : []),
      ...(byCentre || byProvince ? [] : [grants.daerah]),
    ];
    if (asked.includes('DITETAPKAN')) return this.#delivery();
    return asked.includes('DAFTAR_TUNGGU') ? 'terdaftar' : 'ditolak';
  }

  /** Registered but unpaid, when the address cannot be made deliverable. */
  #delivery(): End {
    return this.#isMapped() ? this.#pay() : 'terdaftar';
  }
  /** Two repairs of the address for each attempt to map it. */
  #isMapped(): boolean {
    for (let repairs = 0; ;) {
      const result = this.#addressComplete ? this.#mapping() : 'TIDAK_LENGKAP';
      if (result !== 'TIDAK_LENGKAP') return result === 'TERPETA';
      if (repairs >= addressRepairsByVillage) return false;
      repairs += 1;
      this.#addressRepaired += 1;
      this.#addressComplete ||= this.#addressRepaired >= this.#story.addressRepairs;
    }
  }
  #mapping(): MappingResult {
    const result = at(this.#story.mappings, this.#mapped);
    this.#mapped += 1;
    return result;
  }

  /** One order; PT Pos reports until somebody was paid or the money comes back. */
  #pay(): End {
    this.#paymentOrders += 1;
    const { deliveries, paidTwice } = this.#story;
    for (const result of deliveries) {
      if (result === 'TERTUNDA' || (result === 'GANDA' && !paidTwice)) continue;
      if (result !== 'ALAMAT_TIDAK_LENGKAP') return this.#settled(result);
      this.#addressComplete = false;
      if (!this.#isMapped()) return this.#refund('terdaftar');
    }
    throw new Error('a story whose payment never ends');
  }
  #settled(result: Exclude<DeliveryResult, 'TERTUNDA' | 'ALAMAT_TIDAK_LENGKAP'>): End {
    const { heirs, received, complaintRefuted } = this.#story;
    const paid = (): End => (received || complaintRefuted ? 'penerima-aktif' : this.#refund('terdaftar'));
    switch (result) {
      case 'TERBAYAR':
        return paid();
      case 'MENINGGAL':
        return heirs ? paid() : this.#refund('meninggal');
      case 'PINDAH':
        return this.#refund('pindah');
      case 'TIDAK_DITEMUKAN':
        return this.#refund('terdaftar');
      case 'MENOLAK':
        return this.#refund('dibatalkan');
      case 'GANDA':
        return this.#refund('ganda-digabung');
    }
  }
  #refund(end: End): End {
    this.#refunds += 1;
    return end;
  }
}

/** The last answer repeats. */
function at<T>(answers: readonly T[], index: number): T {
  const found = answers[Math.min(index, answers.length - 1)];
  if (found === undefined) throw new Error('a story without an answer');
  return found;
}

/** How the case must end. Throws for a story that cannot end. */
export const foretell = (story: Story): Outlook => new Walk(story).tell();
