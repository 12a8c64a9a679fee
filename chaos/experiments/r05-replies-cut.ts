/** R5: on every link one call of ten is executed and its reply never arrives. */
import { setTimeout as delay } from 'node:timers/promises';
import { GrpcRelay } from '../links/grpc-relay.ts';
import type { Weather } from '../links/link.ts';
import { mixed } from '../load/case-kinds.ts';
import type { Random } from '../random.ts';
import { countOf, missesOf } from './experiment.ts';
import type { Experiment, Lab } from './experiment.ts';

const share = 0.1;
/** A statement inside a transaction can be cut too; the transaction is the call, and it has several. */
const statementShare = 0.01;
/** A poll whose reply is lost costs ten seconds by Temporal's own rules, and polls are most of the calls. */
const pollShare = 0.02;
const settleMs = 500;

/**
 * Temporal's own store has R6: a built server whose own connections are cut at these rates says for minutes that it has no usable database
 * connection.
 */
const ourDatabase = /^(api|worker)-\d+-postgres$/;

const isCommit = (request: Buffer): boolean => request.includes('commit');
const httpWeather: Weather = { latencyMs: 0, jitterMs: 0, cut: () => share };
const databaseWeather: Weather = {
  latencyMs: 0,
  jitterMs: 0,
  cut: (request) => (isCommit(request) ? share : statementShare),
};

/** Puts a relay before Temporal for each process of ours; the result takes them away. */
async function relays(lab: Lab, random: Random): Promise<() => Promise<Record<string, number>>> {
  const { installation, faults } = lab;
  const opened: GrpcRelay[] = [];
  for (const { name } of [...installation.apis, ...installation.workers]) {
    const relay = await GrpcRelay.open({
      upstream: () => installation.serverPort,
      cuts: (path) => {
        if (path.endsWith('/GetSystemInfo')) return false;
        const isCut = random() < (/\/Poll/.test(path) ? pollShare : share);
        if (isCut) faults.note('reply cut', `${name}-temporal`, path.split('/').at(-1));
        return isCut;
      },
    });
    opened.push(relay);
    installation.detours.set(name, relay.port);
  }
  for (const link of installation.linksOf(/-temporal$/)) link.reset();
  return async () => {
    installation.detours.clear();
    for (const link of installation.linksOf(/-temporal$/)) link.reset();
    await Promise.all(opened.map((relay) => relay.close()));
    const sum = (of: (relay: GrpcRelay) => number): number => opened.reduce((total, relay) => total + of(relay), 0);
    return { temporalCalls: sum(({ calls }) => calls), temporalCuts: sum(({ cuts }) => cuts) };
  };
}

export const repliesCut: Experiment = {
  id: 'R5',
  title: 'reply cut after the request was executed, each link',
  full: { commands: 5_000 },
  recoveryP99Ms: null,
  run: async (lab, counts) => {
    const { installation, faults } = lab;
    const http = installation.linksOf(/^client-|-sink$/);
    const database = installation.linksOf(ourDatabase);
    const cutsOf = (links: typeof http): number => links.reduce((total, { counters }) => total + counters.cuts, 0);
    const before = { acknowledged: lab.ledger.acknowledged, http: cutsOf(http), database: cutsOf(database) };
    const takeAway = await relays(lab, lab.random('R5 relays'));
    for (const link of http) link.weather = httpWeather;
    for (const link of database) link.weather = databaseWeather;
    for (const link of [...http, ...database]) link.onCut = () => faults.note('reply cut', link.name);
    const commands = countOf(counts, 'commands');
    const drive = await lab.load.drive({
      experiment: 'R5',
      kinds: mixed,
      atOnce: 20,
      goesOn: () => lab.ledger.acknowledged - before.acknowledged < commands,
    });
    for (const link of [...http, ...database]) link.onCut = null;
    const cut = await takeAway();
    await delay(settleMs);
    return {
      counts: { commands: lab.ledger.acknowledged - before.acknowledged },
      figures: {
        cases: drive.ended,
        httpCuts: cutsOf(http) - before.http,
        databaseCuts: cutsOf(database) - before.database,
        ...cut,
      },
      misses: missesOf(drive),
    };
  },
};
