/**
 * The oracle: tells from a household's story how its case must end. Written from the rules of the programme (who decides what, how
 * often something may be tried), not from the diagrams; it shares no code with them.
 */
import type { Story } from './story.ts';

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
  #reviewed = 0;
  #meetings = 0;
  #districtAsked = 0;
  #approvalsAsked = 0;
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
    return { end, meetings: this.#meetings, paymentOrders: this.#paymentOrders, refunds: this.#refunds };
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

  /** Visits until the family is met; two in vain, or bad news, go to the sub-district. null: met. */
  #field(): End | null {
    const { withdrawnAt, visits, fieldDecisions } = this.#story;
    if (withdrawnAt === 'validasi-lapangan') return 'dibatalkan';
    for (;;) {
      const presence = at(visits, this.#visited);
      this.#visited += 1;
      if (presence === 'ADA') return null;
      if (presence === 'TIDAK_DITEMUKAN' && this.#visited < visitsBeforeReview) continue;
      const decision = at(fieldDecisions, this.#reviewed);
      this.#reviewed += 1;
      if (decision === 'PINDAH') return 'pindah';
      if (decision === 'MENINGGAL') return 'meninggal';
      if (decision === 'DIBATALKAN') return 'dibatalkan';
      if (decision === 'DITOLAK') return 'ditolak';
    }
  }
  #meeting(): End | 'postponed' | null {
    const result = at(this.#story.meetings, this.#meetings);
    this.#meetings += 1;
    return result === 'TERIMA' ? null : result === 'TOLAK' ? 'ditolak' : 'postponed';
  }

  /** Sub-district, district, regent, then the funds. 'again': back to the field and a new meeting. */
  #offices(): End | 'again' {
    const { withdrawnAt, district, approvals } = this.#story;
    if (withdrawnAt === 'berkas-ba') return 'dibatalkan';
    for (;;) {
      const decision = at(district, this.#districtAsked);
      this.#districtAsked += 1;
      if (decision === 'TOLAK') return 'ditolak';
      if (decision === 'KE_DATA' || decision === 'KE_SURVEI') return 'again';
      if (decision === 'KE_BA') continue;
      const approved = at(approvals, this.#approvalsAsked);
      this.#approvalsAsked += 1;
      if (approved) return this.#funds();
    }
  }

  /** Who pays: the centre, the province or the district; the contribution to health insurance is shared by centre and province. */
  #funds(): End {
    const { program, grants } = this.#story;
    if (program === 'REGISTER_SAJA') return 'terdaftar';
    const asked =
      program === 'PKH' || program === 'SEMBAKO'
        ? [grants.pusat]
        : program === 'PBI_JK'
          ? [grants.pusat, grants.provinsi]
          : program === 'BANPROV'
            ? [grants.provinsi]
            : [grants.daerah];
    if (asked.includes('DITETAPKAN')) return this.#delivery();
    return asked.includes('DAFTAR_TUNGGU') ? 'terdaftar' : 'ditolak';
  }

  /** Registered but unpaid, when the address cannot be made deliverable. */
  #delivery(): End {
    const { mappings } = this.#story;
    for (;;) {
      while (!this.#addressComplete) if (!this.#repairAddress()) return 'terdaftar';
      const mapped = at(mappings, this.#mapped);
      this.#mapped += 1;
      if (mapped === 'LUAR_WILAYAH' || mapped === 'DITOLAK') return 'terdaftar';
      if (mapped === 'TIDAK_LENGKAP') {
        if (!this.#repairAddress()) return 'terdaftar';
        continue;
      }
      const paid = this.#pay();
      if (paid !== 'address') return paid;
      if (!this.#repairAddress()) return 'terdaftar';
    }
  }
  /** false: the village has tried often enough. */
  #repairAddress(): boolean {
    if (this.#addressRepaired >= addressRepairsByVillage) return false;
    this.#addressRepaired += 1;
    this.#addressComplete ||= this.#addressRepaired >= this.#story.addressRepairs;
    return true;
  }

  #pay(): End | 'address' {
    const { deliveries, heirs, paidTwice, received, complaintRefuted } = this.#story;
    for (;;) {
      const results = at(deliveries, this.#paymentOrders);
      this.#paymentOrders += 1;
      // A payment put off stays open until the next result.
      const result = results.find((one) => one !== 'TERTUNDA');
      switch (result) {
        case 'TERBAYAR':
          return received || complaintRefuted ? 'penerima-aktif' : this.#refund('terdaftar');
        case 'MENINGGAL':
          return heirs ? 'penerima-aktif' : this.#refund('meninggal');
        case 'PINDAH':
          return this.#refund('pindah');
        case 'TIDAK_DITEMUKAN':
          return this.#refund('terdaftar');
        case 'MENOLAK':
          return this.#refund('dibatalkan');
        case 'GANDA':
          if (paidTwice) return this.#refund('ganda-digabung');
          continue;
        case 'ALAMAT_TIDAK_LENGKAP':
          return 'address';
        case undefined:
          throw new Error('a story whose payment never ends');
      }
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
