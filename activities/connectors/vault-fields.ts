/** Citizen data as the connectors read it from the vault; absent parts are null. */
export interface VaultFields {
  readonly nik: string;
  readonly noKk: string;
  readonly nama: string;
  readonly tempatLahir: string | null;
  /** YYYY-MM-DD */
  readonly tanggalLahir: string;
  readonly jenisKelamin: 'L' | 'P';
  readonly ibuKandung: string | null;
  readonly hp: string | null;
  readonly alamat: string | null;
  readonly rt: string | null;
  readonly rw: string | null;
  readonly penanda: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly kodeDesa: string;
}
