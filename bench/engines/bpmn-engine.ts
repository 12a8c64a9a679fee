/** bpmn-engine as one engine of the benchmark. It is installed in a folder of its own (peers.ts), given as the first argument. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { measured, serve, weighed } from './serve.ts';

/** What is used of bpmn-engine 25. */
interface Execution {
  readonly getState: () => { readonly definitions: readonly { readonly source: string }[] };
}
interface Definition {
  readonly environment: { readonly options: { readonly source: object } };
}
interface Engine {
  readonly execute: () => Promise<Execution>;
  readonly waitFor: (event: 'end') => Promise<unknown>;
  readonly getDefinitions: () => Promise<readonly Definition[]>;
  readonly broker: {
    readonly subscribeTmp: (
      exchange: 'event',
      pattern: string,
      onMessage: (routingKey: string, message: Message) => void,
      options: { readonly noAck: true },
    ) => void;
  };
}
interface Message {
  readonly content: { readonly loopCardinality?: number };
}
interface EngineOptions {
  readonly name: string;
  readonly source?: string;
  readonly sourceContext?: object;
  readonly moddleOptions?: object;
  readonly services: object;
  readonly variables: object;
}

const peer = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'));
const { Engine } = peer('bpmn-engine') as { readonly Engine: new (options: EngineOptions) => Engine };
const camunda = peer('camunda-bpmn-moddle/resources/camunda.json') as object;

const services = {
  work: (_scope: unknown, callback: () => void): void => callback(),
  isAtLeast: (value: number, least: number): boolean => value >= least,
};

let sourceContext: object = {};
let variables: object = {};

/** The model is read once, as a host would do; each instance gets an engine of its own: an engine runs one execution. */
const engine = (): Engine => new Engine({ name: 'bench', sourceContext, services, variables: { ...variables } });

async function toEnd(instance: Engine): Promise<void> {
  const ended = instance.waitFor('end');
  await instance.execute();
  await ended;
}

await serve({
  async load({ folder, row, variables: given }) {
    const source = readFileSync(join(folder, `${row}.bpmn`), 'utf8');
    const parsing = new Engine({ name: 'bench', source, moddleOptions: { camunda }, services, variables: {} });
    const [definition] = await parsing.getDefinitions();
    if (!definition) throw new Error('The file has no definitions.');
    sourceContext = definition.environment.options.source;
    variables = given;
    return {};
  },
  async count() {
    const counted = engine();
    let elements = 0;
    const count = (_: string, { content }: Message): void => {
      // the items of a multi-instance activity have no messages of their own
      elements += content.loopCardinality ?? 1;
    };
    counted.broker.subscribeTmp('event', 'activity.execution.completed', count, { noAck: true });
    await toEnd(counted);
    return { elements };
  },
  run: ({ instances }) => measured(instances, () => toEnd(engine())),
  hold: ({ instances }) =>
    weighed(
      instances,
      () => engine().execute(),
      (execution) => {
        const { definitions, ...rest } = execution.getState();
        return { ...rest, definitions: definitions.map(({ source: _, ...definition }) => definition) };
      },
    ),
});
