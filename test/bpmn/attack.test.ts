/** Hostile and broken texts: each is refused with a report, nothing throws, nothing takes long. */
import { describe, expect, test } from '@jest/globals';
import { compile } from '#bpmn/compile.ts';
import { limits } from '#bpmn/limits.ts';
import { bpmn, problemLines } from './support.ts';

const simple =
  '<bpmn:startEvent id="s" /><bpmn:endEvent id="e" /><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e" />';
const laughs = `<!DOCTYPE lolz [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, i) => `<!ENTITY a${i} "${'&a;'.repeat(10)}">`).join('')}]>`;
const many = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join('');

const refused: readonly (readonly [name: string, source: string])[] = [
  ['nothing', ''],
  ['blanks', ' \n\t'],
  ['not XML', 'hello'],
  ['a byte order mark only', '\uFEFF'],
  ['zero bytes', '\0'.repeat(1000)],
  ['JSON', '{"type":"default"}'],
  ['billion laughs', laughs + bpmn(simple)],
  ['external entity', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${bpmn('<bpmn:task id="&x;" />')}`],
  ['parameter entity', `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>${bpmn(simple)}`],
  ['lower-case doctype', `<!doctype html>${bpmn(simple)}`],
  ['entity without declaration', bpmn(simple).replace('id="s"', 'id="s" name="&xxe;"')],
  [
    'XInclude',
    bpmn(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" />${simple}`).replace(
      'isExecutable="true"',
      '',
    ),
  ],
  ['unclosed comment', bpmn(`<!-- ${simple}`)],
  ['unclosed CDATA', bpmn(`<![CDATA[ ${simple}`)],
  ['unclosed tag', bpmn(simple).slice(0, -5)],
  ['unclosed attribute', bpmn('<bpmn:task id="x />')],
  ['a tag in an attribute', bpmn(`<bpmn:task id="x" name="<b>" />`)],
  ['attribute without quotes', bpmn('<bpmn:task id=x />')],
  ['a second root', bpmn(simple) + bpmn(simple)],
  [
    'BPMN prefix of another namespace',
    bpmn(simple).replace('http://www.omg.org/spec/BPMN/20100524/MODEL', 'https://example.org/other'),
  ],
  ['prefix without namespace', bpmn(`${simple}<nope:task id="n" />`)],
  ['deep nesting', bpmn('<bpmn:subProcess>'.repeat(100_000))],
  ['deep nesting, closed', bpmn('<bpmn:subProcess>'.repeat(5_000) + '</bpmn:subProcess>'.repeat(5_000))],
  ['a million elements', bpmn('<a/>'.repeat(800_000))],
  ['many attributes', bpmn(`<bpmn:task ${many(5_000, (i) => `a${i}="1" `)}/>`)],
  ['a huge id', bpmn(`<bpmn:task id="${'x'.repeat(1_000_000)}" />`)],
  ['a huge tag name', bpmn(`<${'x'.repeat(1_000_000)} />`)],
  ['a huge file', bpmn('x'.repeat(limits.sourceBytes))],
  ['a huge file in bytes only', bpmn('€'.repeat(limits.sourceBytes / 2))],
  [
    'a huge expression',
    bpmn(
      `${simple}<bpmn:scriptTask id="x"><bpmn:extensionElements><zeebe:script expression="=${'1+'.repeat(500_000)}1" resultVariable="r" /></bpmn:extensionElements></bpmn:scriptTask>`,
    ),
  ],
  [
    'a deep expression',
    bpmn(
      `${simple}<bpmn:scriptTask id="x"><bpmn:extensionElements><zeebe:script expression="=${'('.repeat(10_000)}1" resultVariable="r" /></bpmn:extensionElements></bpmn:scriptTask>`,
    ),
  ],
  ['prototype as id', bpmn(`${simple}<bpmn:task id="__proto__" />`)],
  [
    'prototype as variable',
    bpmn(
      `${simple}<bpmn:task id="x"><bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="constructor.prototype.polluted" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:task>`,
    ),
  ],
  [
    'prototype as header',
    bpmn(
      `${simple}<bpmn:serviceTask id="x"><bpmn:extensionElements><zeebe:taskDefinition type="t" /><zeebe:taskHeaders><zeebe:header key="__proto__" value="polluted" /></zeebe:taskHeaders></bpmn:extensionElements></bpmn:serviceTask>`,
    ),
  ],
  ['a flow to itself', bpmn(`${simple}<bpmn:sequenceFlow id="g" sourceRef="g" targetRef="g" />`)],
  [
    'a boundary event on itself',
    bpmn(`${simple}<bpmn:boundaryEvent id="b" attachedToRef="b"><bpmn:errorEventDefinition /></bpmn:boundaryEvent>`),
  ],
  ['a message that is a task', bpmn(`${simple}<bpmn:receiveTask id="r" messageRef="r" />`)],
  ['a default flow that is a task', bpmn(`${simple}<bpmn:exclusiveGateway id="g" default="g" />`)],
  ['thousands of unknown elements', bpmn(simple + many(4_000, () => '<bpmn:what />'))],
  ['thousands of unconnected flows', bpmn(simple + many(4_000, (i) => `<bpmn:sequenceFlow id="f${i}" />`))],
  ['thousands of start events', bpmn(many(4_000, (i) => `<bpmn:startEvent id="s${i}" />`))],
  [
    'thousands of links',
    bpmn(
      many(
        2_500,
        (i) =>
          `<bpmn:intermediateThrowEvent id="t${i}"><bpmn:linkEventDefinition name="l${i}" /></bpmn:intermediateThrowEvent><bpmn:intermediateCatchEvent id="c${i}"><bpmn:linkEventDefinition name="l${i}" /></bpmn:intermediateCatchEvent>`,
      ),
    ),
  ],
  ['thousands of sub-processes', bpmn(many(3_000, (i) => `<bpmn:subProcess id="s${i}" />`))],
];

describe('refused, with a reason', () => {
  test.each(refused)('%s', async (_name, source) => {
    const { ok, report } = await compile(source);
    expect(ok).toBe(false);
    expect(report.ok).toBe(false);
    const errors = problemLines(report, 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(limits.problems);
    expect(errors.every((line) => line.length < 1_000)).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('harmless', () => {
  const accepted: readonly (readonly [name: string, source: string])[] = [
    ['a stylesheet instruction', bpmn(simple).replace('?>', '?><?xml-stylesheet href="http://127.0.0.1/x.xsl"?>')],
    ['markup in a comment', bpmn(`<!-- <!DOCTYPE x> &nbsp; <bpmn:task> -->${simple}`)],
    [
      'markup in CDATA',
      bpmn(
        `${simple}<bpmn:textAnnotation id="n"><bpmn:text><![CDATA[<!DOCTYPE x> &nbsp; <b>]]></bpmn:text></bpmn:textAnnotation>`,
      ),
    ],
    ['BPMN as default namespace', bpmn(simple).replaceAll('bpmn:', '').replace('xmlns:bpmn', 'xmlns')],
    ['a byte order mark', `\uFEFF${bpmn(simple)}`],
    ['another prefix', bpmn(simple).replaceAll('bpmn:', 'semantic:').replace('xmlns:bpmn', 'xmlns:semantic')],
    ['Windows line ends', bpmn(simple).replaceAll('\n', '\r\n')],
  ];
  test.each(accepted)('%s', async (_name, source) => {
    const { report } = await compile(source);
    expect(problemLines(report, 'error')).toEqual([]);
  });
});
