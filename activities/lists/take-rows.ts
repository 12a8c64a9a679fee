/**
 * Takes some hundred rows of a list into the register in one transaction: who each is about, the records and families that are new, then
 * the help it tells of. Rows count in the order of the file, as if each came alone.
 */
import type { PoolClient } from 'pg';
import { findWaitingRows, insertConflicts, markTaken, presencesOf } from '#db/exchange/rows.ts';
import type { NewConflict, Presence, TakenRow, WaitingRow } from '#db/exchange/rows.ts';
import { rowPlace } from '#db/exchange/row-seal.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import {
  enterPaidHelp,
  familiesOf,
  fileRecords,
  heldHelp,
  holdNumbers,
  joinFamilies,
  nextKeys,
} from '#db/registry/bulk.ts';
import type { ListedHelp, NewRecord } from '#db/registry/bulk.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import { findHelpConflicts } from '#exchange/list-help.ts';
import type { Help } from '#exchange/list-help.ts';
import { findPerson } from '#exchange/list-person.ts';
import type { KnownRecord, PersonFinding } from '#exchange/list-person.ts';
import type { ExchangeRecord } from '#exchange/mapping.ts';
import { blockingKeys } from '#registry/blocking-keys.ts';
import { monthsOf } from '#registry/period.ts';
import { isProgramme, isSource, programmes } from '#registry/programmes.ts';
import type { ListDecisions } from './list-decisions.ts';

/** Records compared with a row; those with its NIK come first. */
const recordsCompared = 50;

export interface Taking {
  readonly db: PoolClient;
  readonly vault: Vault;
  readonly rowSeal: RowSeal;
  readonly decisions: ListDecisions;
  readonly importKey: string;
  readonly createdBy: string;
  /** YYYY-MM-DD. */
  readonly today: string;
}

const textOf = (record: ExchangeRecord, field: string): string | null => {
  const value = record[field] ?? null;
  return value === null ? null : String(value);
};
const citizenOf = (record: ExchangeRecord): Citizen => ({
  nik: textOf(record, 'nik') ?? '',
  noKk: textOf(record, 'noKk') ?? '',
  nama: textOf(record, 'nama') ?? '',
  tempatLahir: textOf(record, 'tempatLahir'),
  tanggalLahir: textOf(record, 'tanggalLahir') ?? '',
  jenisKelamin: textOf(record, 'jenisKelamin') === 'P' ? 'P' : 'L',
  ibuKandung: textOf(record, 'ibuKandung'),
  hp: textOf(record, 'hp'),
  alamat: textOf(record, 'alamat'),
  rt: textOf(record, 'rt'),
  rw: textOf(record, 'rw'),
  penanda: null,
  lat: null,
  lon: null,
  kodeDesa: textOf(record, 'kodeDesa') ?? '',
});
function presenceOf(record: ExchangeRecord): Presence | null {
  const said = record['keberadaan'];
  return said === 'HIDUP' || said === 'MENINGGAL' ? said : null;
}

interface ListRow extends Pick<WaitingRow, 'line' | 'decision' | 'personKey'> {
  readonly record: ExchangeRecord;
  readonly citizen: Citizen;
}
/** A row whose person is settled. */
interface Settled {
  readonly row: ListRow;
  readonly personKey: string;
  readonly outcome: 'CREATED' | 'MATCHED';
}

class RowTaker {
  readonly #taking: Taking;
  readonly #taken: TakenRow[] = [];
  readonly #conflicts: NewConflict[] = [];
  readonly #records: NewRecord[] = [];
  readonly #settled: Settled[] = [];
  /** Records of this chunk, by blocking key. */
  readonly #fresh = new Map<string, KnownRecord[]>();

  constructor(taking: Taking) {
    this.#taking = taking;
  }

  async take(rows: readonly ListRow[]): Promise<void> {
    const { db, vault, importKey } = this.#taking;
    const citizens = rows.map(({ citizen }) => citizen);
    await holdNumbers(
      db,
      vault,
      citizens.map(({ nik }) => nik),
    );
    const candidates = await vault.findCandidatesOfMany(db, citizens, recordsCompared);
    const keys = await nextKeys(db, rows.length);
    rows.forEach((row, index) => {
      const known = (candidates[index] ?? []).flatMap(({ personKey, citizen }): KnownRecord[] =>
        personKey === null ? [] : [{ personKey, record: citizen }],
      );
      this.#identify(row, [...known, ...this.#freshLike(row.citizen)], keys[index] ?? '');
    });
    await fileRecords(db, vault, this.#records);
    await this.#comparePresences();
    await this.#enterHelp(await this.#families());
    await markTaken(db, importKey, this.#taken);
    await insertConflicts(db, importKey, this.#conflicts);
  }

  #freshLike(citizen: Citizen): KnownRecord[] {
    return [...new Set(blockingKeys(citizen).flatMap((key) => this.#fresh.get(key) ?? []))];
  }
  #findingOf(row: ListRow, known: readonly KnownRecord[]): PersonFinding {
    if (row.decision === 'NEW') return { outcome: 'CREATED' };
    if (row.decision === 'SAME' && row.personKey !== null)
      return { outcome: 'MATCHED', personKey: row.personKey, birthDateDiffers: false };
    return findPerson(row.citizen, known, this.#taking.decisions.scoreOf);
  }

  /** @param newKey of the person, should he be new */
  #identify(row: ListRow, known: readonly KnownRecord[], newKey: string): void {
    const finding = this.#findingOf(row, known);
    switch (finding.outcome) {
      case 'CREATED':
        this.#settle(row, newKey, 'CREATED');
        return;
      case 'MATCHED': {
        const { personKey } = finding;
        if (finding.birthDateDiffers) this.#conflict(row, 'BIRTH_DATE_DIFFERS', personKey);
        const own = known.filter((one) => one.personKey === personKey);
        if (row.decision === null && !own.some(({ record }) => record.noKk === row.citizen.noKk))
          this.#conflict(row, 'FAMILY_CARD_DIFFERS', personKey);
        this.#settle(row, personKey, 'MATCHED');
        return;
      }
      case 'CONFLICT':
        for (const kind of finding.kinds) this.#conflict(row, kind, finding.personKey);
        this.#put(row, finding.outcome, finding.personKey, finding.score);
        return;
      case 'LEFT':
        this.#put(row, finding.outcome, finding.personKey, finding.score);
    }
  }
  #put(row: ListRow, outcome: TakenRow['outcome'], personKey: string, score: number | null): void {
    this.#taken.push({ line: row.line, outcome, personKey, presence: presenceOf(row.record), score });
  }
  #settle(row: ListRow, personKey: string, outcome: Settled['outcome']): void {
    this.#put(row, outcome, personKey, null);
    this.#settled.push({ row, personKey, outcome });
    // Of somebody known, only what a person has decided brings a number or a name that finds him.
    if (outcome === 'MATCHED' && row.decision === null) return;
    this.#records.push({ personKey, citizen: row.citizen, isNewPerson: outcome === 'CREATED' });
    for (const key of blockingKeys(row.citizen)) {
      const filed = this.#fresh.get(key) ?? [];
      filed.push({ personKey, record: row.citizen });
      this.#fresh.set(key, filed);
    }
  }
  #conflict(row: ListRow, kind: string, personKey: string, detail: NewConflict['detail'] = {}): void {
    this.#conflicts.push({ line: row.line, kind, region: row.citizen.kodeDesa, personKey, detail });
  }

  async #comparePresences(): Promise<void> {
    const { db } = this.#taking;
    const known = await presencesOf(
      db,
      this.#settled.map(({ personKey }) => personKey),
    );
    const said = new Map([...known].map(([personKey, presences]) => [personKey, new Set(presences)]));
    for (const { row, personKey } of this.#settled) {
      const presence = presenceOf(row.record);
      if (presence === null) continue;
      const before = said.get(personKey) ?? new Set<Presence>();
      if (before.has(presence === 'HIDUP' ? 'MENINGGAL' : 'HIDUP')) this.#conflict(row, 'DECEASED', personKey);
      said.set(personKey, before.add(presence));
    }
  }

  /** Of everybody settled, by person. An old list moves nobody who has a family. */
  async #families(): Promise<ReadonlyMap<string, string>> {
    const { db, vault, today } = this.#taking;
    const families = await familiesOf(
      db,
      this.#settled.map(({ personKey }) => personKey),
    );
    const joining = new Map(
      this.#settled
        .filter(({ personKey }) => !families.has(personKey))
        .map(({ personKey, row: { citizen } }) => [
          personKey,
          { personKey, noKk: citizen.noKk, region: citizen.kodeDesa, on: today },
        ]),
    );
    for (const [personKey, familyKey] of await joinFamilies(db, vault, [...joining.values()]))
      families.set(personKey, familyKey);
    return families;
  }

  async #enterHelp(families: ReadonlyMap<string, string>): Promise<void> {
    const { db, importKey, createdBy, decisions } = this.#taking;
    const people = this.#settled.map(({ personKey }) => personKey);
    const held: Help[] = [...(await heldHelp(db, people, [...families.values()]))];
    const byRecipient = new Map<string, Help[]>();
    const hold = (help: Help): void => {
      for (const key of [help.personKey, help.familyKey ?? '']) {
        const known = byRecipient.get(key) ?? [];
        known.push(help);
        byRecipient.set(key, known);
      }
    };
    held.forEach(hold);
    const entered: ListedHelp[] = [];
    for (const { row, personKey } of this.#settled) {
      const help = helpOf(row, personKey, families.get(personKey) ?? null);
      if (help === null) continue;
      const others = [...new Set([personKey, help.familyKey ?? ''].flatMap((key) => byRecipient.get(key) ?? []))];
      const findings = findHelpConflicts(help, others, decisions.forbiddenBy);
      for (const kind of new Set(findings.map((finding) => finding.kind))) {
        const against = findings
          .filter((finding) => finding.kind === kind)
          .map(({ other, reason }) => ({ programme: other.programme, period: other.period, reason }));
        const { programme, period } = help;
        this.#conflict(row, kind, personKey, { programme, period, against });
      }
      // The same help cannot be entered twice; help that must not come together was paid all the same.
      if (findings.some(({ kind }) => kind !== 'FORBIDDEN_OVERLAP')) continue;
      hold(help);
      entered.push({ ...help, changeKey: `exchange ${importKey} ${String(row.line)}` });
    }
    await enterPaidHelp(db, entered, createdBy);
  }
}

/** null: the list tells of no help. */
function helpOf({ record, citizen }: ListRow, personKey: string, familyKey: string | null) {
  const programme = textOf(record, 'program') ?? '';
  const source = textOf(record, 'sumberDana') ?? '';
  const period = textOf(record, 'periode') ?? '';
  const months = monthsOf(period);
  if (!isProgramme(programme) || !isSource(source) || months === null) return null;
  const { unit } = programmes[programme];
  const amount = Number(record['jumlah'] ?? 0);
  return { programme, source, period, months, unit, amount, personKey, familyKey, region: citizen.kodeDesa };
}

/** Rows taken; 0: none waits. */
export async function takeRows(taking: Taking, most: number): Promise<number> {
  const { db, importKey, rowSeal } = taking;
  const waiting = await findWaitingRows(db, importKey, most);
  if (waiting.length === 0) return 0;
  const rows = waiting.map(({ line, content, decision, personKey }): ListRow => {
    const record = rowSeal.open(rowPlace(importKey, line), content) as ExchangeRecord;
    return { line, decision, personKey, record, citizen: citizenOf(record) };
  });
  await new RowTaker(taking).take(rows);
  return waiting.length;
}
