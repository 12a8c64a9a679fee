/** Invented data for every kind of document: long enough to break over pages, with a canary NIK where a full number could slip in. */
import type { BeritaAcara, DecidedItem } from '#documents/berita-acara.ts';
import type { BerkasKasus } from '#documents/berkas-kasus.ts';
import type { DaftarNominatif } from '#documents/daftar-nominatif.ts';
import type { Kuitansi } from '#documents/kuitansi.ts';
import type { LaporanMonev } from '#documents/laporan-monev.ts';
import type { Issue, Office } from '#documents/layout.ts';
import type { Laporan } from '#documents/laporan.ts';
import type { PapanPengumuman } from '#documents/papan-pengumuman.ts';
import { initials } from '#documents/person.ts';
import type { Sptjm } from '#documents/sptjm.ts';
import type { SuratPengesahan } from '#documents/surat-pengesahan.ts';
import type { Undangan } from '#documents/undangan.ts';

const zone = 'Asia/Jakarta';
export const villageOffice: Office = {
  lines: ['Pemerintah Kabupaten Karawang', 'Kecamatan Telukjambe Timur', 'Desa Wadas'],
  address: 'Jalan Raya Contoh Nomor 1, Wadas 41361',
  contact: 'Telepon (0267) 000001, pos-el desa@wadas.contoh',
  place: 'Wadas',
  zone,
};
export const regencyOffice: Office = {
  lines: ['Pemerintah Kabupaten Karawang', 'Bupati Karawang'],
  address: 'Jalan Pemuda Contoh Nomor 1, Karawang 41312',
  contact: 'Telepon (0267) 000002, pos-el sekretariat@karawang.contoh',
  place: 'Karawang',
  zone,
};
const socialOffice: Office = { ...regencyOffice, lines: ['Pemerintah Kabupaten Karawang', 'Dinas Sosial'] };
const issue = (number: string): Issue => ({
  number,
  issuedAt: '2026-11-14T03:15:00Z',
  verifyUrl: 'https://alur.karawang.contoh/periksa/document.8f3kq2zr1c.tmk3w0.Hk3lYv0mQ0xk1Yw9o2dZpA',
});

const firstNames = [
  'Siti',
  'Asep',
  'Dede',
  'Neng',
  'Ujang',
  'Euis',
  'Cecep',
  'Iis',
  'Tatang',
  'Yayah',
  'Maman',
  'Wati',
];
const lastNames = ['Aminah', 'Suryana', 'Kurniasih', 'Hidayat', 'Rohaeti', 'Sopandi', 'Nurhayati', 'Gunawan'];
const programs = ['SEMBAKO', 'PKH', 'PBI_JK', 'BLT_DD'] as const;
const villages = ['Wadas', 'Sukaluyu', 'Telukjambe', 'Sirnabaya', 'Puseurjaya'] as const;
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const name = (index: number): string => `${at(firstNames, index)} ${at(lastNames, index * 3 + 1)}`;

/** @param count how many families */
export function items(count: number, manyVillages = false): DecidedItem[] {
  return Array.from({ length: count }, (_, index): DecidedItem => {
    const isVote = index % 7 === 3;
    const isRejected = index % 11 === 5;
    return {
      number: `3215012001-202611-${String(index + 101).padStart(6, '0')}`,
      name: name(index),
      nikMasked: '321501**********',
      rt: String((index % 9) + 1).padStart(3, '0'),
      rw: String((index % 4) + 1).padStart(3, '0'),
      village: manyVillages ? at(villages, index) : 'Wadas',
      program: at(programs, index),
      decision: isRejected ? 'TOLAK' : index % 13 === 7 ? 'TUNDA' : 'TERIMA',
      method: isVote ? 'SUARA' : 'MUFAKAT',
      votes: isVote ? { inFavour: 21, against: 4, abstaining: 2 } : null,
      reason: isRejected ? 'Keluarga dinilai mampu; rumah dan kendaraan sendiri' : null,
    };
  });
}

export const beritaAcara: BeritaAcara = {
  office: villageOffice,
  issue: issue('400.9/27/BA-MUSDES/XI/2026'),
  villageName: 'Desa Wadas, Kecamatan Telukjambe Timur, Kabupaten Karawang',
  period: '2026-11',
  heldAt: '2026-11-13T02:30:00Z',
  place: 'Balai Desa Wadas',
  leader: { name: 'Dadang Contoh', role: 'Kepala Desa' },
  minuteTaker: { name: 'Rina Contoh', role: 'Sekretaris Desa' },
  invited: 36,
  present: 27,
  attempt: 1,
  attendees: Array.from({ length: 27 }, (_, index) => ({
    name: name(index + 5),
    role: at(
      ['Ketua RT', 'Ketua RW', 'BPD', 'Tokoh agama', 'Wakil perempuan', 'Pendamping PKH', 'Karang taruna'],
      index,
    ),
  })),
  items: items(34),
  objections: ['Warga RT 004 meminta kunjungan ulang atas dua usulan yang ditunda.'],
  signers: [
    { role: 'Kepala Desa Wadas', name: 'Dadang Contoh' },
    { role: 'Ketua BPD', name: 'H. Oman Contoh' },
    { role: 'Notulis', name: 'Rina Contoh' },
    { role: 'Wakil peserta', name: 'Euis Contoh' },
  ],
};
export const sptjm: Sptjm = {
  office: villageOffice,
  issue: issue('400.9/28/SPTJM/XI/2026'),
  villageName: beritaAcara.villageName,
  period: '2026-11',
  reason: 'banjir menggenangi balai desa sejak 8 November 2026 dan sebagian besar warga masih mengungsi',
  declarant: { role: 'Kepala Desa Wadas', name: 'Dadang Contoh' },
  items: items(12),
};
export const suratPengesahan: SuratPengesahan = {
  office: regencyOffice,
  issue: issue('400.9.2/1187/Dinsos'),
  period: '2026-11',
  addressee: 'Gubernur Jawa Barat',
  addresseePlace: 'Bandung',
  items: items(70, true).filter(({ decision }) => decision === 'TERIMA'),
  signer: { role: 'Bupati Karawang', name: 'Drs. Encep Contoh, M.Si.' },
  copies: [
    'Menteri Sosial Republik Indonesia',
    'Kepala Dinas Sosial Provinsi Jawa Barat',
    'Inspektur Kabupaten Karawang',
  ],
};
export const daftarNominatif: DaftarNominatif = {
  office: socialOffice,
  issue: issue('DANOM/41300/2026-11/003'),
  program: 'SEMBAKO',
  period: '2026-11',
  postOffice: 'KPRK Karawang 41300',
  lines: items(40).map(({ name, nikMasked, rt, rw, village }, index) => ({
    paymentId: `41300-2611-${String(index + 1).padStart(5, '0')}`,
    name,
    nikMasked,
    address: `Kp. ${at(['Pasir', 'Cilalung', 'Babakan', 'Rawa'], index)} No. ${index + 3}`,
    rt,
    rw,
    village,
    phone: index % 5 === 0 ? null : `0812000${String(index).padStart(5, '0')}`,
    amount: index % 6 === 0 ? 400_000 : 200_000,
  })),
  signers: [
    { role: 'Kepala Dinas Sosial', name: 'Ade Contoh, S.Sos.' },
    { role: 'Kepala KPRK Karawang', name: 'Bambang Contoh' },
  ],
};
export const undangan: Undangan = {
  office: { ...socialOffice, lines: ['Pemerintah Kabupaten Karawang', 'Dinas Sosial'] },
  issue: issue('UND/41300/2026-11/003'),
  invitations: items(3).map(({ name, rt, rw, number, program }, index) => ({
    name,
    address: 'Kp. Pasir No. 3',
    rt,
    rw,
    village: 'Desa Wadas',
    program,
    period: '2026-11',
    amount: 600_000,
    from: `2026-11-24T0${index + 1}:00:00Z`,
    until: `2026-11-24T0${index + 1}:15:00Z`,
    place: 'Kantor Pos Telukjambe',
    counter: index === 2 ? null : `Loket ${index + 1}`,
    lastDay: '2026-12-24',
    qrUrl: `https://alur.karawang.contoh/periksa/proposal.${number}.tmk3w0.Hk3lYv0mQ0xk1Yw9o2dZpA`,
    check: { address: 'https://alur.karawang.contoh/status', proposalNumber: number, code: '7K3FQ-0ZT9M' },
  })),
};
export const kuitansi: Kuitansi = {
  office: {
    ...socialOffice,
    lines: ['PT Pos Indonesia (Persero)', 'KPRK Karawang 41300'],
    address: 'Jalan Contoh Pos Nomor 3, Karawang 41311',
  },
  issue: issue('KW/41300/2026-11/00017'),
  paymentId: '41300-2611-00017',
  payer: 'Dinas Sosial Kabupaten Karawang melalui KPRK Karawang',
  recipient: {
    name: 'Siti Suryana',
    nikMasked: '321501**********',
    address: 'Kp. Pasir No. 3, RT 004/RW 002, Desa Wadas',
  },
  collectedBy: null,
  cashier: 'Yuni Contoh',
  program: 'SEMBAKO',
  period: '2026-11',
  amount: 600_000,
  paidAt: '2026-11-24T02:07:00Z',
  place: 'Telukjambe',
  evidenceHashes: [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
  ],
  check: {
    address: 'https://alur.karawang.contoh/status',
    proposalNumber: '3215012001-202611-000123',
    code: '7K3FQ-0ZT9M',
  },
};
export const papanPengumuman: PapanPengumuman = {
  office: villageOffice,
  issue: issue('400.9/29/PENG/XI/2026'),
  villageName: 'Desa Wadas, Kecamatan Telukjambe Timur',
  period: '2026-11',
  lines: items(34)
    .filter(({ decision }) => decision === 'TERIMA')
    .map((item) => ({ initials: initials(item.name), rt: item.rt, program: item.program })),
  objectUntil: '2026-11-17',
  signer: { role: 'Kepala Desa Wadas', name: 'Dadang Contoh' },
};
export const laporanMonev: LaporanMonev = {
  office: socialOffice,
  issue: issue('400.9/77/MONEV/2026'),
  regionName: 'Kabupaten Karawang, Jawa Barat',
  period: '2026-T3',
  signedOn: '2026-10-20',
  population: { recipients: 41_210, rejected: 388 },
  visits: 174,
  inclusion: { visited: 94, wrong: 5, percent: 5.3, from: 2.3, to: 11.9 },
  exclusion: { visited: 76, wrong: 3, percent: 3.9, from: 1.4, to: 11 },
  proposals: { received: 1_402, ended: 1_377, inTime: 1_311, medianDays: 21.4, p90Days: 39.8 },
  queues: [
    { group: 'operator-desa', count: 1_402, late: 12, medianHours: 6.5 },
    { group: 'verifikator-dinsos', count: 611, late: 40, medianHours: 30.2 },
  ],
  returns: [
    { cause: 'LEWAT_WAKTU', count: 14 },
    { cause: 'PINDAH', count: 9 },
  ],
  objections: { received: 23, accepted: 8, upheld: 15 },
  findings: [
    { title: 'Survei terlambat di tiga desa', cause: 'Petugas kurang', owner: 'psm', days: 30 },
    { title: 'Alasan penolakan tidak lengkap', cause: 'Formulir lama', owner: 'verifikator-dinsos', days: 14 },
  ],
  actions: [{ title: 'Survei terlambat di tiga desa', owner: 'psm', action: 'Dua petugas ditambahkan' }],
  signer: { role: 'Kepala Dinas Sosial', name: 'Ade Contoh, S.Sos.' },
};
export const berkasKasus: BerkasKasus = {
  office: socialOffice,
  issue: issue('BK/2026/000044'),
  caseNumber: '3215012001-202611-000101',
  processName: 'Usulan DTKS',
  state: 'Penerima aktif',
  regionName: 'Wadas, Telukjambe Timur, Kab. Karawang, Jawa Barat',
  startedAt: '2026-11-02T01:10:00Z',
  endedAt: '2026-11-24T02:30:00Z',
  person: { name: 'Siti Suryana', nikMasked: '321501**********' },
  events: Array.from({ length: 44 }, (_, index) => ({
    at: new Date(Date.UTC(2026, 10, 2 + Math.floor(index / 2), 1, 10 + index, index)).toISOString(),
    actor: at(['sistem', 'operator.wadas', 'psm.wadas', 'kades.wadas', 'verifikator'], index),
    what: at(['Tugas dibuat', 'Tugas diambil', 'Tugas selesai', 'Pekerjaan selesai', 'Pesan diterima'], index),
    element: at(['Periksa usulan', 'Kunjungan lapangan', 'Bahas usulan', 'Verifikasi dinas', null], index),
  })),
  decisions: [
    {
      at: '2026-11-02T01:12:00Z',
      actor: 'sistem',
      subject: 'Kelayakan',
      outcome: 'saran LAYAK, skor 4',
      reason: 'kriteria a, c, e, g',
    },
    {
      at: '2026-11-13T04:05:00Z',
      actor: 'kades.wadas',
      subject: 'Bahas usulan',
      outcome: 'Diterima (mufakat)',
      reason: null,
    },
    { at: '2026-11-15T06:40:00Z', actor: 'verifikator', subject: 'Verifikasi dinas', outcome: 'Setuju', reason: null },
    {
      at: '2026-11-16T02:00:00Z',
      actor: 'kepala',
      subject: 'Persetujuan kepala',
      outcome: 'Setuju',
      reason: 'Sesuai hasil kunjungan',
    },
  ],
  evidence: [
    {
      kind: 'Foto rumah',
      uploadedAt: '2026-11-06T03:20:00Z',
      uploadedBy: 'psm.wadas',
      originalHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      storedHash: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
    },
  ],
  requestedBy: 'inspektorat',
  requestReason: 'Pemeriksaan tahunan atas penetapan penerima',
};
/** Wider than any report is, and longer than a page. */
export const laporan: Laporan = {
  office: { ...regencyOffice, lines: ['Kab. Karawang, Jawa Barat'] },
  issue: { ...issue('Kab. Karawang, Jawa Barat 2026-11'), verifyUrl: '' },
  title: 'Rekonsiliasi penyaluran',
  explanation: 'Bantuan yang dialokasikan untuk periode ini dan apa jadinya. Tutup buku bila selisih nol.',
  particulars: [
    ['Wilayah', 'Kab. Karawang, Jawa Barat'],
    ['Periode', '2026-11'],
  ],
  dimensions: ['Wilayah', 'Program', 'Sumber dana'],
  columns: [
    { label: 'Dialokasikan', unit: 'count' },
    { label: 'Terbayar', unit: 'count' },
    { label: 'Terbayar (%)', unit: 'percent' },
    { label: 'Median (hari)', unit: 'days' },
    { label: 'Terbayar (Rp)', unit: 'amount' },
  ],
  chart: 1,
  rows: Array.from({ length: 60 }, (_, index) => ({
    labels: [at(villages, index), at(programs, index), 'APBN (pusat)'],
    values: [40 + index, 30 + index, 75.5, index % 9 === 0 ? null : 3.5, (30 + index) * 600_000],
  })),
  total: [4_170, 3_570, 85.6, null, 2_142_000_000],
  isCut: true,
};
