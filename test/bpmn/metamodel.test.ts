/** Every type, attribute and child element that the readers know is executed, preserved or rejected: none is left out, none invented. */
import { describe, expect, test } from '@jest/globals';
import bpmnPackage from 'bpmn-moddle/resources/bpmn/json/bpmn.json' with { type: 'json' };
import zeebePackage from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { compile } from '#bpmn/compile.ts';
import { metamodel, preservedTypes } from '#bpmn/metamodel.ts';
import { bpmn, codes } from './support.ts';
import { task } from './model-text.ts';

interface TypeDescriptor {
  readonly name: string;
  readonly properties?: readonly { readonly name: string }[];
}
const packages: readonly { readonly prefix: string; readonly types: readonly TypeDescriptor[] }[] = [
  { prefix: 'bpmn', types: bpmnPackage.types },
  { prefix: 'zeebe', types: zeebePackage.types },
];
/** The reader writes prefixes into the descriptors it was given. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);
/** `bpmn:Process#isClosed`, for each attribute and child element of each type that defines some. */
const known = packages.flatMap(({ prefix, types }) =>
  types.flatMap(({ name, properties = [] }) =>
    properties.map((property) => `${prefix}:${local(name)}#${local(property.name)}`),
  ),
);
/** Executed by Zeebe, missing in its own descriptors (see bpmn/moddle.ts). */
const added = ['correlationKey', 'messageId', 'timeToLive'].map((name) => `zeebe:PublishMessage#${name}`);

const decided = Object.entries(metamodel).flatMap(([type, fate]) =>
  [
    ...(fate.executed ?? []),
    ...(fate.preserved ?? []),
    ...Object.keys(fate.noted ?? {}),
    ...Object.keys(fate.rejected ?? {}),
  ].map((name) => `${type}#${name}`),
);

describe('the metamodel', () => {
  test('decides on everything that can be read', () => {
    const open = known.filter((name) => !decided.includes(name) && !preservedTypes.includes(name.replace(/#.*/, '')));
    expect(open).toEqual([]);
  });

  test('decides once, and on nothing that does not exist', () => {
    expect(decided.filter((name, at) => decided.indexOf(name) !== at)).toEqual([]);
    expect(decided.filter((name) => !known.includes(name) && !added.includes(name))).toEqual([]);
    expect(Object.keys(metamodel).filter((type) => preservedTypes.includes(type))).toEqual([]);
    const types = new Set(
      packages.flatMap(({ prefix, types: all }) => all.map(({ name }) => `${prefix}:${local(name)}`)),
    );
    expect(preservedTypes.filter((type) => !types.has(type))).toEqual([]);
  });

  test('what no reader knows is refused', async () => {
    const { report } = await compile(bpmn(task('task', '<bpmn:wish />', 'urgency="7"')));
    expect(codes(report).filter((problem) => problem === 'CONTENT_UNKNOWN x')).toHaveLength(2);
  });
});
