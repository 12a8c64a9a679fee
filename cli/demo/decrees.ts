/** Decrees of the ministry and the province, as their systems tell them: each case that waits is answered once. */
import type { Client } from '#contract/client.ts';
import type { Story } from '../generate/story.ts';
import { today, type Values } from './answers.ts';
import type { Case, Cases } from './cases.ts';
import { waitingAt } from './reading.ts';

interface Route {
  readonly waitingElement: string;
  readonly message: string;
  readonly variable: string;
  readonly grant: (story: Story) => Story['grants']['pusat'];
  readonly decree: string;
}
const routes: readonly Route[] = [
  {
    waitingElement: 'tunggu-pusat',
    message: 'dtks.hasil-pusat',
    variable: 'hasilPusat',
    grant: ({ grants }) => grants.pusat,
    decree: '73/HUK/2026',
  },
  {
    waitingElement: 'tunggu-provinsi',
    message: 'dtks.hasil-provinsi',
    variable: 'hasilProvinsi',
    grant: ({ grants }) => grants.provinsi,
    decree: '978/KEP/2026',
  },
];

export type Tell = (message: {
  readonly name: string;
  readonly one: Case;
  readonly id: string;
  readonly variables: Values;
}) => Promise<void>;

export class Decrees {
  readonly #cases: Cases;
  readonly #reader: Client;
  readonly #tell: Tell;
  readonly #told = new Set<string>();

  constructor(cases: Cases, reader: Client, tell: Tell) {
    this.#cases = cases;
    this.#reader = reader;
    this.#tell = tell;
  }

  /** Answers all who wait; returns how many. */
  async answer(): Promise<number> {
    const before = this.#told.size;
    for (const route of routes) {
      for (const instanceKey of await waitingAt(this.#reader, route.waitingElement)) {
        const one = this.#cases.byInstance(instanceKey);
        if (one === null) continue;
        const id = `${route.message}/${one.number}`;
        if (this.#told.has(id)) continue;
        await this.#tell({ name: route.message, one, id, variables: { [route.variable]: resultOf(route, one) } });
        this.#told.add(id);
      }
    }
    return this.#told.size - before;
  }
}

function resultOf({ grant, decree }: Route, one: Case): Values {
  const hasil = grant(one.truth.story);
  return hasil === 'DITETAPKAN'
    ? { hasil, langkah: null, alasan: null, nomorSk: decree, tanggalSk: today() }
    : { hasil, langkah: null, alasan: 'Kuota periode ini terpenuhi', nomorSk: null, tanggalSk: null };
}
