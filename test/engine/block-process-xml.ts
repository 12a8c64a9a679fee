/** Process models as BPMN 2.0 XML with the Zeebe extensions, as far as the random processes need it. */
import type { Json } from '#engine/json.ts';
import type {
  Expression,
  ExecutionListener,
  FlowNode,
  ProcessModel,
  SingleResult,
  SingleTrigger,
} from '#engine/model.ts';
import type { EndingResult, MultiInstance, StandardLoop } from '#engine/model.ts';

type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function tag(name: string, attributes: Attributes, ...within: readonly string[]): string {
  const set = Object.entries(attributes).filter(([, value]) => value !== null);
  const start = [name, ...set.map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(' ');
  const inside = within.join('');
  return inside === '' ? `<${start}/>` : `<${start}>${inside}</${name}>`;
}

const textOf = (json: Json): string => (typeof json === 'string' ? json : JSON.stringify(json));

/** As an attribute of an extension element: FEEL begins with `=`. */
const written = (expression: Expression): string =>
  expression.kind === 'feel' ? `=${expression.source}` : textOf(expression.value);
const formal = (name: string, expression: Expression | null): string =>
  expression === null ? '' : tag(name, { 'xsi:type': 'bpmn:tFormalExpression' }, escaped(written(expression)));
const extensions = (...within: readonly string[]): string =>
  within.join('') === '' ? '' : tag('bpmn:extensionElements', {}, ...within);

export function xmlOf(model: ProcessModel): string {
  const writer = new Writer(model);
  const process = tag('bpmn:process', { id: model.processId, isExecutable: true }, writer.inside(null));
  const namespaces = {
    'xmlns:bpmn': 'http://www.omg.org/spec/BPMN/20100524/MODEL',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xmlns:zeebe': 'http://camunda.org/schema/zeebe/1.0',
    targetNamespace: 'http://example.org',
  };
  return tag('bpmn:definitions', namespaces, ...writer.roots.values(), process);
}

class Writer {
  /** Messages, signals, errors and escalations, by id. */
  readonly roots = new Map<string, string>();
  readonly #model: ProcessModel;

  constructor(model: ProcessModel) {
    this.#model = model;
  }

  /** Everything directly within the scope. */
  inside(parent: string | null): string {
    const nodes = Object.values(this.#model.nodes).filter((node) => node.parent === parent);
    const ids = new Set(nodes.map(({ id }) => id));
    const flows = Object.values(this.#model.flows).filter((flow) => ids.has(flow.source) && !flow.link);
    const lines = flows.map(({ id, source, target, condition }) =>
      tag(
        'bpmn:sequenceFlow',
        { id: flowId(id), sourceRef: source, targetRef: target },
        formal('bpmn:conditionExpression', condition),
      ),
    );
    const associations = nodes.flatMap((node) =>
      node.type === 'boundaryEvent' && node.handler !== null
        ? [
            tag('bpmn:association', {
              id: `a_${node.id}`,
              sourceRef: node.id,
              targetRef: node.handler,
              associationDirection: 'One',
            }),
          ]
        : [],
    );
    return [...nodes.map((node) => this.#node(node)), ...lines, ...associations].join('');
  }

  #node(node: FlowNode): string {
    const { id, incoming, outgoing } = node;
    const isLine = (flow: string): boolean => !this.#model.flows[flow]?.link;
    const flows = [
      ...incoming.filter(isLine).map((flow) => tag('bpmn:incoming', {}, flowId(flow))),
      ...outgoing.filter(isLine).map((flow) => tag('bpmn:outgoing', {}, flowId(flow))),
    ];
    const attributes: Record<string, string | boolean | null> = {
      id,
      default: node.defaultFlow === null ? null : flowId(node.defaultFlow),
      ...('isForCompensation' in node && node.isForCompensation ? { isForCompensation: true } : {}),
    };
    const { name, extra = {}, extended = [], within = [] } = this.#particulars(node);
    const listeners = node.listeners.map(listenerTag);
    const asked = listeners.length > 0 ? [tag('zeebe:executionListeners', {}, ...listeners)] : [];
    const properties = Object.entries(node.properties).map(([key, value]) =>
      tag('zeebe:property', { name: key, value }),
    );
    const kept = properties.length > 0 ? [tag('zeebe:properties', {}, ...properties)] : [];
    const loop = 'multiInstance' in node ? loopTag(node.multiInstance, node.standardLoop) : '';
    return tag(
      `bpmn:${name}`,
      { ...attributes, ...extra },
      extensions(...extended, ...asked, ...kept),
      ...flows,
      loop,
      ...within,
    );
  }

  #eventParticulars(node: EventNode): Particulars {
    switch (node.type) {
      case 'startEvent': {
        const triggers = node.trigger === null ? [] : singles(node.trigger);
        const { extra, within } = this.#caught(triggers, node.trigger?.type === 'parallelMultiple');
        return { name: node.type, extra: { ...extra, isInterrupting: node.interrupting }, within };
      }
      case 'endEvent':
      case 'intermediateThrowEvent':
        return this.#thrown(node.type, node.id, node.results);
      case 'intermediateCatchEvent':
        return node.trigger.type === 'link'
          ? { name: node.type, within: [tag('bpmn:linkEventDefinition', { id: `d_${node.id}`, name: node.id })] }
          : { name: node.type, ...this.#caught(singles(node.trigger), node.trigger.type === 'parallelMultiple') };
      case 'boundaryEvent': {
        const { extra, within } = this.#caught(singles(node.trigger), node.trigger.type === 'parallelMultiple');
        return {
          name: node.type,
          extra: { ...extra, attachedToRef: node.attachedTo, cancelActivity: node.interrupting },
          within,
        };
      }
    }
  }

  #taskParticulars(node: TaskNode): Particulars {
    switch (node.type) {
      case 'serviceTask':
        return { name: node.type, extended: [jobTag(node.job.type)] };
      case 'sendTask':
        return { name: node.type, extended: node.send.kind === 'job' ? [jobTag(node.send.job.type)] : [] };
      case 'userTask':
        return { name: node.type, extended: [tag('zeebe:userTask', {})] };
      case 'scriptTask':
        return { name: node.type, extended: node.script.kind === 'feel' ? [scriptTag(node.script)] : [] };
      case 'receiveTask':
        return {
          name: node.type,
          extra: { messageRef: this.#message(node.message.name, node.message.correlationKey) },
        };
      case 'callActivity': {
        const called = {
          processId: written(node.processId),
          propagateAllChildVariables: node.propagateAllChildVariables,
        };
        return { name: node.type, extended: [tag('zeebe:calledElement', called)] };
      }
    }
  }

  #particulars(node: FlowNode): Particulars {
    if (isEvent(node)) return this.#eventParticulars(node);
    if (isTask(node)) return this.#taskParticulars(node);
    switch (node.type) {
      case 'complexGateway':
        return { name: node.type, within: [formal('bpmn:activationCondition', node.activationCondition)] };
      case 'subProcess':
      case 'transaction':
        return { name: node.type, within: [this.inside(node.id)] };
      case 'eventSubProcess':
        return { name: 'subProcess', extra: { triggeredByEvent: true }, within: [this.inside(node.id)] };
      case 'adHocSubProcess':
        return {
          name: node.type,
          extra: {
            ordering: node.sequential ? 'Sequential' : 'Parallel',
            cancelRemainingInstances: node.cancelRemainingInstances,
          },
          extended: [
            tag('zeebe:adHoc', { activeElementsCollection: node.activeElements && written(node.activeElements) }),
          ],
          within: [this.inside(node.id), formal('bpmn:completionCondition', node.completionCondition)],
        };
      case 'businessRuleTask':
        throw new Error('no random process has business rule tasks');
      case 'exclusiveGateway':
      case 'parallelGateway':
      case 'inclusiveGateway':
      case 'eventBasedGateway':
      case 'manualTask':
      case 'task':
        return { name: node.type };
    }
  }

  #caught(triggers: readonly SingleTrigger[], isParallel: boolean): Required<Pick<Particulars, 'extra' | 'within'>> {
    return {
      extra: isParallel ? { parallelMultiple: true } : {},
      within: triggers.map((trigger) => this.#definition(trigger)),
    };
  }

  #thrown(name: string, id: string, results: readonly (SingleResult | EndingResult)[]): Particulars {
    const jobs = results.some(({ type }) => type === 'message') ? [tag('zeebe:taskDefinition', { type: id })] : [];
    return { name, extended: jobs, within: results.map((result) => this.#result(id, result)) };
  }

  #result(id: string, result: SingleResult | EndingResult): string {
    switch (result.type) {
      case 'message':
        return tag('bpmn:messageEventDefinition', { messageRef: this.#root('message', id) });
      case 'compensation': {
        const { activity, waitForCompletion } = result;
        return tag('bpmn:compensateEventDefinition', { activityRef: activity, waitForCompletion });
      }
      case 'link': {
        const [target = ''] = (this.#model.nodes[id]?.outgoing ?? []).map(
          (flow) => this.#model.flows[flow]?.target ?? '',
        );
        return tag('bpmn:linkEventDefinition', { id: `d_${id}`, name: target });
      }
      case 'terminate':
        return tag('bpmn:terminateEventDefinition', {});
      case 'cancel':
        return tag('bpmn:cancelEventDefinition', {});
      case 'signal':
      case 'escalation':
      case 'error':
        return this.#definition(result);
    }
  }

  #definition(trigger: SingleTrigger): string {
    switch (trigger.type) {
      case 'timer': {
        const name = { date: 'timeDate', duration: 'timeDuration', cycle: 'timeCycle' }[trigger.timer.kind];
        return tag('bpmn:timerEventDefinition', {}, formal(`bpmn:${name}`, trigger.timer.value));
      }
      case 'message': {
        const messageRef = this.#message(trigger.message.name, trigger.message.correlationKey);
        return tag('bpmn:messageEventDefinition', { messageRef });
      }
      case 'signal':
        return tag('bpmn:signalEventDefinition', { signalRef: this.#root('signal', written(trigger.signal.name)) });
      case 'conditional':
        return tag('bpmn:conditionalEventDefinition', {}, formal('bpmn:condition', trigger.conditional.condition));
      case 'error':
        return tag('bpmn:errorEventDefinition', { errorRef: this.#code('error', trigger.error.code) });
      case 'escalation':
        return tag('bpmn:escalationEventDefinition', {
          escalationRef: this.#code('escalation', trigger.escalation.code),
        });
      case 'compensation':
        return tag('bpmn:compensateEventDefinition', {});
      case 'cancel':
        return tag('bpmn:cancelEventDefinition', {});
      case 'link':
        throw new Error('links have names of their own');
    }
  }

  #root(kind: 'message' | 'signal', name: string): string {
    this.roots.set(`${kind}_${name}`, tag(`bpmn:${kind}`, { id: `${kind}_${name}`, name }));
    return `${kind}_${name}`;
  }
  #message(name: Expression, key: Expression | null): string {
    const id = this.#root('message', written(name));
    const subscription = extensions(
      tag('zeebe:subscription', { correlationKey: `="${key === null ? '' : written(key)}"` }),
    );
    this.roots.set(id, tag('bpmn:message', { id, name: written(name) }, subscription));
    return id;
  }
  /** null: every code is caught. */
  #code(kind: 'error' | 'escalation', code: Expression | null): string | null {
    if (code === null) return null;
    const id = `${kind}_${written(code)}`;
    this.roots.set(id, tag(`bpmn:${kind}`, { id, name: id, [`${kind}Code`]: written(code) }));
    return id;
  }
}

type EventNode = Extract<FlowNode, { readonly type: `${string}Event` }>;
const isEvent = (node: FlowNode): node is EventNode => node.type.endsWith('Event');

const taskTypes = ['serviceTask', 'sendTask', 'userTask', 'scriptTask', 'receiveTask', 'callActivity'] as const;
type TaskNode = Extract<FlowNode, { readonly type: (typeof taskTypes)[number] }>;
const isTask = (node: FlowNode): node is TaskNode => taskTypes.some((type) => type === node.type);

interface Particulars {
  readonly name: string;
  readonly extra?: Attributes;
  readonly extended?: readonly string[];
  readonly within?: readonly string[];
}

const flowId = (id: string): string => `f_${id.replace('>', '_to_')}`;
const jobTag = (type: Expression): string => tag('zeebe:taskDefinition', { type: written(type) });
const listenerTag = ({ event, job }: ExecutionListener): string =>
  tag('zeebe:executionListener', { eventType: event, type: written(job.type) });
const scriptTag = ({ expression, resultVariable }: { expression: Expression; resultVariable: string }): string =>
  tag('zeebe:script', { expression: written(expression), resultVariable });

function singles(trigger: Extract<FlowNode, { type: 'boundaryEvent' }>['trigger']): readonly SingleTrigger[] {
  return 'triggers' in trigger ? trigger.triggers : [trigger];
}

function loopTag(multi: MultiInstance | null, standard: StandardLoop | null): string {
  if (standard !== null) {
    const { testBefore, condition, maximum } = standard;
    const attributes = { testBefore, loopMaximum: maximum && written(maximum) };
    return tag('bpmn:standardLoopCharacteristics', attributes, formal('bpmn:loopCondition', condition));
  }
  if (multi === null) return '';
  const { inputCollection, inputElement, outputCollection, outputElement } = multi;
  const characteristics = tag('zeebe:loopCharacteristics', {
    inputCollection: inputCollection && written(inputCollection),
    inputElement,
    outputCollection,
    outputElement: outputElement && written(outputElement),
  });
  return tag(
    'bpmn:multiInstanceLoopCharacteristics',
    { isSequential: multi.sequential },
    extensions(characteristics),
    formal('bpmn:loopCardinality', multi.cardinality),
    formal('bpmn:completionCondition', multi.completionCondition),
  );
}
