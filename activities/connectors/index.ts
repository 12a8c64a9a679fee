/** The connectors, by job type. */
import type { JobHandler } from '../job-handler.ts';
import { agendaCollection } from './agenda.ts';
import { addressRefresh, proposalCheck } from './dtks.ts';
import { amountCorrection, ledgerWord, reconciliation, recipientFacts, waitingList } from './delivery.ts';
import { dukcapilVerification } from './dukcapil.ts';
import { duplicateRefusal, mergeUndoing, personComparison, personMerge } from './duplicates.ts';
import { objectionCheck } from './objections.ts';
import { monitoringReport, performanceMeasurement, samplingPlan } from './monitoring.ts';
import { notification } from './notification.ts';
import type { ConnectorDeps } from './ports.ts';
import { posAppointment, posMapping, posPaymentOrder, posRefund } from './pos.ts';
import { helpPayment, helpRelease, helpReservation, overlapCheck, personRegistration } from './registry.ts';
import { gateTimes, rulesInForce } from './rules.ts';
import { surveyCheck } from './survey.ts';
import {
  breachConcerned,
  honouringRestrictions,
  subjectCopy,
  subjectLookup,
  subjectRestriction,
} from './subject-rights.ts';
import {
  caretakerChange,
  checkNote,
  deathNote,
  deliveryFindingNote,
  deliveryPull,
  familyMove,
  helpStop,
  listByNeighbourhood,
  listedRegions,
  populationPull,
} from './updates.ts';

export function createConnectors(deps: ConnectorDeps): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {
    'dukcapil.verifikasi': dukcapilVerification(deps),
    'pos.petakan': posMapping(deps),
    'pos.jadwalkan': posAppointment(deps),
    'pos.kirim-danom': posPaymentOrder(deps),
    'pos.kembalikan-dana': posRefund(deps),
    'notifikasi.kirim': notification(deps),
    'dtks.aturan': rulesInForce(deps),
    'dtks.gerbang': gateTimes(deps),
    'dtks.rencana-sampel': samplingPlan(deps),
    'dtks.hitung-kinerja': performanceMeasurement(deps),
    'dtks.simpan-monev': monitoringReport(deps),
    'dtks.periksa-sanggah': objectionCheck(deps),
    'dtks.wilayah-terdaftar': listedRegions(deps),
    'dtks.tarik-kependudukan': populationPull(deps),
    'dtks.catat-temuan': deliveryFindingNote(deps),
    'dtks.tarik-penyaluran': deliveryPull(deps),
    'dtks.susun-daftar-rt': listByNeighbourhood(deps),
    'dtks.catat-pemeriksaan': checkNote(deps),
    'dtks.catat-meninggal': deathNote(deps),
    'dtks.ganti-pengurus': caretakerChange(deps),
    'dtks.pindahkan-keluarga': familyMove(deps),
    'dtks.hentikan-kepesertaan': helpStop(deps),
    'dtks.periksa-usulan': proposalCheck(deps),
    'dtks.daftarkan-orang': personRegistration(deps),
    'dtks.periksa-kepesertaan': overlapCheck(deps),
    'dtks.pesan-kepesertaan': helpReservation(deps),
    'dtks.tetapkan-kepesertaan': helpPayment(deps),
    'dtks.batalkan-kepesertaan': helpRelease(deps),
    'dtks.periksa-survei': surveyCheck(deps),
    'dtks.fakta-penerima': recipientFacts(deps),
    'dtks.daftar-tunggu': waitingList(deps),
    'dtks.keadaan-kepesertaan': ledgerWord(deps),
    'dtks.rekonsiliasi': reconciliation(deps),
    'dtks.koreksi-jumlah': amountCorrection(deps),
    'dtks.segarkan-alamat': addressRefresh(deps),
    'dtks.kumpulkan-agenda': agendaCollection(deps),
    'dtks.bandingkan-orang': personComparison(deps),
    'dtks.catat-bukan-ganda': duplicateRefusal(deps),
    'dtks.gabungkan-orang': personMerge(deps),
    'dtks.urai-orang': mergeUndoing(deps),
    'dtks.kenali-subjek': subjectLookup(deps),
    'dtks.susun-data-subjek': subjectCopy(deps),
    'dtks.batasi-subjek': subjectRestriction(deps),
    'dtks.kumpulkan-terdampak': breachConcerned(deps),
  };
  return honouringRestrictions(deps.subjectRights, handlers);
}
