/** What decision `kuota_prioritas` weighs of a family, from the variables of its case. */
import type { Json, JsonObject } from '#engine/json.ts';
import { partOf } from './ports.ts';

/** Process variables that {@link priorityFacts} reads. */
export const priorityVariables = ['survei', 'kelayakan', 'rumahTangga', 'hasilPusat'] as const;

const isTrue = (value: Json | undefined, name: string): boolean => partOf(value, name) === true;
const numberIn = (value: Json | undefined, name: string): number | null => {
  const found = partOf(value, name);
  return typeof found === 'number' ? found : null;
};

/** @param nomor the proposal's number; it grows with time and so stands for its date. */
export const priorityFacts = (nomor: string, known: Readonly<Record<string, Json>>): JsonObject => ({
  nomor,
  tanggal: nomor,
  tanpaTempatTinggal: isTrue(known['survei'], 'tanpaTempatTinggal'),
  desil: numberIn(known['hasilPusat'], 'desil') ?? numberIn(known['rumahTangga'], 'desil'),
  skor: numberIn(known['kelayakan'], 'skor'),
  lansiaTunggal: isTrue(known['rumahTangga'], 'lansiaTunggal'),
  disabilitasBerat: isTrue(known['rumahTangga'], 'disabilitasBerat'),
  balitaHamil: isTrue(known['rumahTangga'], 'balitaHamil'),
  janda: isTrue(known['rumahTangga'], 'janda'),
});
