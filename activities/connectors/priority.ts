/** What decision `kuota_prioritas` weighs of a family, from the variables of its case. */
import type { Json, JsonObject } from '#engine/json.ts';
import { partOf } from './ports.ts';

/** Families that one evaluation of the decision ranks: about two thirds of what the engine's limit of steps allows. */
export const rankedMost = 300;
/** Process variables that {@link priorityFacts} reads. */
export const priorityVariables = ['survei', 'kelayakan', 'rumahTangga', 'hasilPusat'] as const;

const isTrue = (value: Json | undefined, name: string): boolean => partOf(value, name) === true;
const numberIn = (value: Json | undefined, name: string): number | null => {
  const found = partOf(value, name);
  return typeof found === 'number' ? found : null;
};

/** Household flags come from the survey. @param nomor the proposal's number; it grows with time and so stands for its date. */
export const priorityFacts = (nomor: string, known: Readonly<Record<string, Json>>): JsonObject => ({
  nomor,
  tanggal: nomor,
  tanpaTempatTinggal: isTrue(known['survei'], 'tanpaTempatTinggal'),
  desil: numberIn(known['hasilPusat'], 'desil') ?? numberIn(known['rumahTangga'], 'desil'),
  skor: numberIn(known['kelayakan'], 'skor'),
  lansiaTunggal: isTrue(partOf(known['survei'], 'keluarga'), 'lansiaTunggal'),
  disabilitasBerat: isTrue(partOf(known['survei'], 'keluarga'), 'disabilitasBerat'),
  balitaHamil: isTrue(partOf(known['survei'], 'keluarga'), 'balitaHamil'),
  janda: isTrue(partOf(known['survei'], 'keluarga'), 'janda'),
});
