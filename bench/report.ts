/** The tables of the benchmark, for people and as JSON. Ratios are what counts: times are of one machine at one hour. */
import type { Outcome, Speed } from './measure.ts';
import type { Row } from './models.ts';
import type { Engine } from './peers.ts';
import type { EngineName, Weight } from './protocol.ts';
import { ratesOf, ratioOf, spreadOf } from './statistics.ts';
import type { Spread } from './statistics.ts';
import { table } from './table.ts';

export interface Result<T> {
  readonly row: Row;
  readonly outcomes: readonly Outcome<T>[];
}
export interface Report {
  readonly engines: readonly Engine[];
  readonly speeds: readonly Result<Speed>[];
  readonly weights: readonly Result<Weight>[];
}

const outcomeOf = <T>({ outcomes }: Result<T>, engine: EngineName): Outcome<T> | undefined =>
  outcomes.find((outcome) => outcome.engine === engine);

export function textOf({ engines, speeds, weights }: Report): string {
  const [ours, ...peers] = engines;
  if (!ours) return '';
  const peerColumns = peers.flatMap(({ name, version }) => [`${name} ${version}`, `${ours.name} is`]);
  return [
    'Elements per second of CPU time: medians; ratio of the medians (least to most of the rounds); ratio by the wall clock',
    table(
      ['', 'elements', ours.name, ...peerColumns],
      speeds.map((result) => speedLine(result, ours.name, peers)),
    ),
    'One waiting instance: live bytes of memory, and bytes of its saved state as JSON without the model',
    table(
      ['', ours.name, ...peerColumns],
      weights.flatMap((result) => [
        weightLine('memory', result, ours.name, peers, 'bytes'),
        weightLine('state', result, ours.name, peers, 'stateBytes'),
      ]),
    ),
    ...notesOf([...speeds, ...weights]),
  ].join('\n\n');
}

function speedLine(result: Result<Speed>, ours: EngineName, peers: readonly Engine[]): string[] {
  const own = outcomeOf(result, ours);
  const line = [result.row.title, String(result.row.elements(ours)), own?.ok === true ? rateText(own) : '–'];
  for (const { name } of peers) {
    const peer = outcomeOf(result, name);
    if (own?.ok === true && peer?.ok === true) line.push(rateText(peer), speedRatioText(own, peer));
    else line.push('–', '');
  }
  return line;
}

const rateText = (speed: Speed): string => rounded(spreadOf(ratesOf(speed, 'cpuMs')).median);

function speedRatioText(own: Speed, peer: Speed): string {
  const { median, least, most } = ratioOf(own, peer, 'cpuMs');
  const wall = ratioOf(own, peer, 'wallMs').median;
  return `${rounded(median)}× (${rounded(least)} to ${rounded(most)}); ${rounded(wall)}×`;
}

function weightLine(
  title: string,
  result: Result<Weight>,
  ours: EngineName,
  peers: readonly Engine[],
  measure: 'bytes' | 'stateBytes',
): string[] {
  const own = outcomeOf(result, ours);
  const line = [title, own?.ok === true ? rounded(own[measure]) : '–'];
  for (const { name } of peers) {
    const peer = outcomeOf(result, name);
    if (own?.ok === true && peer?.ok === true) {
      line.push(rounded(peer[measure]), `${rounded(peer[measure] / own[measure])}× smaller`);
    } else line.push('–', '');
  }
  return line;
}

/** What a reader has to know before comparing: failures, other numbers of elements, and the rows' own notes. */
function notesOf(results: readonly (Result<Speed> | Result<Weight>)[]): string[] {
  return results.flatMap(({ row, outcomes }) =>
    outcomes.flatMap((outcome) => {
      const said = row.notes[outcome.engine];
      const notes = said === undefined ? [] : [said];
      if (!outcome.ok) notes.push(outcome.reason);
      else if ('elements' in outcome && outcome.elements !== outcome.expectedElements) {
        notes.push(`completes ${outcome.elements} elements where the standard has ${outcome.expectedElements}`);
      }
      return notes.length === 0 ? [] : [`${row.title}: ${outcome.engine}: ${notes.join('; ')}.`];
    }),
  );
}

/** Three digits that count. */
const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));

interface PeerSpeed {
  readonly engine: EngineName;
  readonly byCpu: Spread;
  readonly byWall: Spread;
}

/** The same as one JSON value, every sample included. */
export function jsonOf({ engines, speeds, weights }: Report): object {
  return {
    engines: engines.map(({ name, version }) => ({ name, version })),
    speeds: speeds.map((result) => ({ ...named(result), ratios: ratiosOf(result, engines) })),
    weights: weights.map(named),
  };
}

const named = <T>({ row, outcomes }: Result<T>): object => ({ id: row.id, title: row.title, outcomes });

function ratiosOf(result: Result<Speed>, [ours, ...peers]: readonly Engine[]): PeerSpeed[] {
  const own = ours && outcomeOf(result, ours.name);
  return peers.flatMap(({ name: engine }) => {
    const peer = outcomeOf(result, engine);
    if (own?.ok !== true || peer?.ok !== true) return [];
    return [{ engine, byCpu: ratioOf(own, peer, 'cpuMs'), byWall: ratioOf(own, peer, 'wallMs') }];
  });
}
