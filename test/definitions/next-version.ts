/** A next version of the proposal: a new task, a sub-process that has moved into another, a renamed element; and one that cases cannot follow. */

/** Cuts an element out: the rest, and the element. */
function cut(xml: string, id: string): readonly [string, string] {
  const found = new RegExp(`\\s*<bpmn:(\\w+) id="${id}"(?:[^>]*/>|[\\s\\S]*?</bpmn:\\1>)`).exec(xml);
  if (!found) throw new Error(`no ${id}`);
  return [xml.slice(0, found.index) + xml.slice(found.index + found[0].length), found[0]];
}
const replaced = (xml: string, from: string, to: string): string => {
  if (!xml.includes(from)) throw new Error(`nothing like ${from}`);
  return xml.replaceAll(from, to);
};

/** `berkas-ba` is `periksa-berkas` from now on, its flows with it. */
export const renamed = { 'berkas-ba': 'periksa-berkas' } as const;
/** A task more on the way to it. */
export const newTask = 'susun-nota';
/** What `proses-disdukcapil` has moved into. */
export const newScope = 'urusan-adminduk';

export function nextVersion(xml: string): string {
  return withScope(withTask(withName(xml)));
}

const withName = (xml: string): string => {
  const form = 'formId="berkas-ba"';
  return xml.replaceAll(form, 'formId="#"').replaceAll('berkas-ba', 'periksa-berkas').replaceAll('formId="#"', form);
};

function withTask(xml: string): string {
  const flow = 'alur-gw-musyawarah--periksa-berkas';
  const next = `alur-${newTask}--periksa-berkas`;
  const task = `<bpmn:userTask id="${newTask}" name="Susun nota dinas">
    <bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="operator-desa" /></bpmn:extensionElements>
    <bpmn:incoming>${flow}</bpmn:incoming><bpmn:outgoing>${next}</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="${next}" sourceRef="${newTask}" targetRef="periksa-berkas" />`;
  const redirected = xml
    .replace(`<bpmn:incoming>${flow}</bpmn:incoming>`, `<bpmn:incoming>${next}</bpmn:incoming>`)
    .replace(
      `sourceRef="gw-musyawarah" targetRef="periksa-berkas"`,
      `sourceRef="gw-musyawarah" targetRef="${newTask}"`,
    );
  return replaced(redirected, '<bpmn:userTask id="periksa-berkas"', `${task}<bpmn:userTask id="periksa-berkas"`);
}

const moved = [
  'proses-disdukcapil',
  'pengingat-disdukcapil',
  'kirim-pengingat-disdukcapil',
  'selesai-pengingat-disdukcapil',
  'alur-pengingat-disdukcapil--kirim-pengingat-disdukcapil',
  'alur-kirim-pengingat-disdukcapil--selesai-pengingat-disdukcapil',
];
const into = ['gw-nik', 'gw-batas-perbaikan', 'gw-konfirmasi-meninggal'].map((id) => `alur-${id}--proses-disdukcapil`);
const outOf = 'alur-proses-disdukcapil--gw-disdukcapil';

function withScope(xml: string): string {
  let rest = xml;
  let inside = '';
  for (const id of moved) {
    const [without, element] = cut(rest, id);
    rest = without;
    inside += element;
  }
  for (const flow of into) {
    inside = inside.replace(`<bpmn:incoming>${flow}</bpmn:incoming>`, '');
    rest = rest.replace(new RegExp(`(id="${flow}"[^>]*targetRef=")proses-disdukcapil"`), `$1${newScope}"`);
  }
  inside = inside.replace(
    `<bpmn:outgoing>${outOf}</bpmn:outgoing>`,
    '<bpmn:incoming>masuk</bpmn:incoming><bpmn:outgoing>keluar</bpmn:outgoing>',
  );
  rest = rest.replace(new RegExp(`(id="${outOf}"[^>]*sourceRef=")proses-disdukcapil"`), `$1${newScope}"`);
  const scope = `<bpmn:subProcess id="${newScope}" name="Urusan adminduk">
    ${into.map((flow) => `<bpmn:incoming>${flow}</bpmn:incoming>`).join('')}<bpmn:outgoing>${outOf}</bpmn:outgoing>
    <bpmn:startEvent id="awal-adminduk"><bpmn:outgoing>masuk</bpmn:outgoing></bpmn:startEvent>${inside}
    <bpmn:endEvent id="akhir-adminduk"><bpmn:incoming>keluar</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="masuk" sourceRef="awal-adminduk" targetRef="proses-disdukcapil" />
    <bpmn:sequenceFlow id="keluar" sourceRef="proses-disdukcapil" targetRef="akhir-adminduk" /></bpmn:subProcess>`;
  return replaced(
    rest,
    '<bpmn:exclusiveGateway id="gw-disdukcapil"',
    `${scope}<bpmn:exclusiveGateway id="gw-disdukcapil"`,
  );
}

/**
 * What a preview must say of a case that stands at these elements. Only the reminder is left: a sub-process around it would let a second
 * token go on.
 */
export function followsAs(active: ReadonlySet<string>, isMapped: boolean): 'safe' | 'needsMapping' | 'blocked' {
  if (active.has('kirim-pengingat-disdukcapil') && !active.has('proses-disdukcapil')) return 'blocked';
  return !isMapped && Object.keys(renamed).some((id) => active.has(id)) ? 'needsMapping' : 'safe';
}

/** The survey is done once for each member of the household: no running one can become so by itself. */
export const loopingVersion = (xml: string): string =>
  replaced(
    nextVersion(xml),
    '<bpmn:startEvent id="awal-rujukan"',
    `<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">=1</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics><bpmn:startEvent id="awal-rujukan"`,
  );
