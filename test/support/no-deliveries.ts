/** No deliveries: nobody was mapped, the ledger knows of nothing. */
import type { Deliveries } from '#db/registry/deliveries.ts';

export const noDeliveries: Deliveries = {
  mappedSince: () => Promise.resolve(0),
  stateOf: () => Promise.resolve(null),
  isAwaited: () => Promise.resolve(false),
  reconcile: () =>
    Promise.resolve({
      dialokasikan: 0,
      terbayar: 0,
      dikembalikan: 0,
      tertunda: 0,
      selisih: 0,
      jumlahTertunda: 0,
      daftarTertunda: [],
      jumlahSelisih: 0,
      daftarSelisih: [],
    }),
  continued: () => Promise.resolve([]),
  correct: () => Promise.resolve(false),
};
