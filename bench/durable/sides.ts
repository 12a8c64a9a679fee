/** The two sides behind one way of driving them: Temporal's client and the work list in PostgreSQL, without HTTP. */
import { createHash, randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import pg from 'pg';
import { createTemporal } from '#api/temporal.ts';
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { compile } from '#bpmn/compile.ts';
import { readMasterKey } from '#db/case-keys.ts';
import { openDeployment, publishProcess } from '#db/deployments.ts';
import { createPool } from '#db/pool.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import type { Variables } from '#engine/json.ts';
import { createDataConverter } from '#worker/create-worker.ts';
import { startArguments, taskQueue, workflowIdOf } from '#workflows/messages.ts';
import { completeTask, handTaskQueue } from './hand/messages.ts';
import type { BenchProcess } from './processes.ts';
import type { Places } from './servers.ts';

export type SideName = 'alur' | 'hand' | 'handByActivities';
export interface StartedCase {
  readonly instanceKey: string;
  readonly workflowId: string;
}
export interface OpenTask {
  readonly instanceKey: string;
  readonly key: string;
  readonly element: string;
}
export interface Side {
  readonly name: SideName;
  readonly title: string;
  /** Which worker process and database it uses. */
  readonly home: 'alur' | 'hand';
  readonly pool: pg.Pool;
  readonly client: Client;
  readonly start: (process: BenchProcess) => Promise<StartedCase>;
  /** Throws when it is refused. */
  readonly complete: (started: StartedCase, task: OpenTask, variables: Variables) => Promise<void>;
}

/** Open tasks of some cases, and which of the cases have ended. */
export async function workList(
  { pool }: Side,
  keys: readonly string[],
): Promise<{ readonly open: readonly OpenTask[]; readonly over: ReadonlySet<string> }> {
  const { rows } = await pool.query<OpenTask & { readonly state: string }>(
    `select i.key as "instanceKey", i.state, t.key, t.element_id as element
       from instance i left join user_task t on t.instance_key = i.key and t.state = 'CREATED'
      where i.key = any($1::bigint[]) order by t.key`,
    [keys],
  );
  return {
    open: rows.filter(({ key }) => key !== null),
    over: new Set(rows.filter(({ state }) => state !== 'ACTIVE').map(({ instanceKey }) => instanceKey)),
  };
}

export interface SidesOptions {
  readonly places: Places;
  readonly connection: Connection;
  readonly processes: readonly BenchProcess[];
}

export async function createSides(options: SidesOptions): Promise<readonly Side[]> {
  const { places, connection } = options;
  const parts = (home: 'alur' | 'hand') => {
    const pool = createPool({ connectionString: places.databaseUrls[home], role: 'alur_worker', max: 20 });
    const dataConverter = createDataConverter(pool, readMasterKey(places.masterKey));
    const client = new Client({ connection, namespace: places.namespace, dataConverter });
    return { home, pool, client };
  };
  const hand = parts('hand');
  return [
    await alurSide(options, parts('alur')),
    handSide(hand, 'hand', 'by hand, rows by local activities', ''),
    handSide(hand, 'handByActivities', 'by hand, rows by Activities', 'ByActivities'),
  ];
}

type Parts = Pick<Side, 'home' | 'pool' | 'client'>;

async function alurSide({ places, processes }: SidesOptions, parts: Parts): Promise<Side> {
  const definitions = await publishAll(places.databaseUrls.alur, processes);
  const { pool, client } = parts;
  const temporal = createTemporal(client, () => Promise.resolve(0));
  return {
    ...parts,
    name: 'alur',
    title: 'Alur',
    start: async ({ id, variables }) => {
      const definition = definitions.get(id);
      if (definition === undefined) throw new Error(`${id} is not published`);
      const instanceKey = await newInstanceKey(pool);
      const workflowId = workflowIdOf(id, instanceKey);
      const start = {
        instanceKey,
        definitionKey: definition.key,
        version: definition.version,
        startElement: null,
        variables: variables as Variables,
        businessKey: null,
        region: null,
        parent: null,
        actor: 'ani',
      };
      await client.workflow.start(id, {
        workflowId,
        taskQueue,
        args: startArguments(definition.modelSha256, start),
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
      return { instanceKey, workflowId };
    },
    complete: async ({ workflowId, instanceKey }, task, variables) => {
      const processId = workflowId.slice(0, workflowId.indexOf('/'));
      const seq = Number(BigInt(task.key) - BigInt(instanceKey));
      const command = { type: 'completeUserTask', task: seq, variables } as const;
      await temporal.command({ processId, instanceKey, key: randomBytes(8).toString('hex'), actor: 'ani', command });
    },
  };
}

function handSide(parts: Parts, name: SideName, title: string, suffix: string): Side {
  const { pool, client } = parts;
  return {
    ...parts,
    name,
    title,
    start: async ({ id, variables }) => {
      const instanceKey = await newInstanceKey(pool);
      const workflowId = `hand/${id}/${instanceKey}`;
      await client.workflow.start(`${id}${suffix}`, {
        workflowId,
        taskQueue: handTaskQueue,
        args: [{ caseKey: instanceKey, variables }],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
      return { instanceKey, workflowId };
    },
    complete: async ({ workflowId }, { key: task }, variables) => {
      const updateId = randomBytes(8).toString('hex');
      await client.workflow
        .getHandle(workflowId)
        .executeUpdate(completeTask, { updateId, args: [{ task, by: 'ani', variables }] });
    },
  };
}

interface Definition {
  readonly key: string;
  readonly version: number;
  readonly modelSha256: string;
}
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function publishAll(
  connectionString: string,
  processes: readonly BenchProcess[],
): Promise<ReadonlyMap<string, Definition>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const definitions = new Map<string, Definition>();
  try {
    for (const { id, title, bpmn } of processes) {
      const compiled = await compile(bpmn);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.report));
      const model = canonicalJson(compiled.processes[0]);
      const modelSha256 = sha256(model);
      await client.query('begin');
      const { key, version } = await publishProcess(client, await openDeployment(client, 'bench'), {
        processId: id,
        name: title,
        versionTag: null,
        resourceName: `${id}.bpmn`,
        xml: bpmn,
        sourceSha256: sha256(bpmn),
        modelSha256,
        model,
        startFormId: null,
        startTriggers: [],
        uniqueBusinessKey: false,
        admission: {},
      });
      await client.query('commit');
      definitions.set(id, { key, version, modelSha256 });
    }
  } finally {
    await client.end();
  }
  return definitions;
}
