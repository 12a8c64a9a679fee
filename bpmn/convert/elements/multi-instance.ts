/** Multi-instance activities. Camunda 7 manual, "Multiple Instance"; counters are renamed by the translator. */
import { child, extension, text, type ModdleElement } from '../../moddle.ts';
import type { LostContent } from '../../parse.ts';
import { rewriteBody, rewritten, take, type ConvertContext } from '../context.ts';
import { set, setExtension } from '../edit.ts';
import { nameText } from '../juel/piece.ts';

const zeebe = 'zeebe:LoopCharacteristics';

/** `lost`: references of the file that lead nowhere; Camunda 7 reads loopDataInputRef as the name of a variable. */
export function multiInstance(loop: ModdleElement, lost: readonly LostContent[], context: ConvertContext): void {
  const collection = take(loop, 'collection');
  const item = take(loop, 'elementVariable');
  if (collection !== null) {
    // A plain name is the name of a variable.
    const isName = !/[$#]\{/.test(collection.original);
    const inputCollection = isName ? `=${nameText(collection.original)}` : rewritten(context, collection);
    if (isName) context.log.mapped(collection, inputCollection);
    setExtension(loop, zeebe, { inputCollection });
  }
  for (const { property, detail } of lost.filter(({ element }) => element === loop)) {
    if (property !== 'bpmn:loopDataInputRef' || collection !== null) continue;
    const inputCollection = `=${nameText(detail)}`;
    setExtension(loop, zeebe, { inputCollection });
    const finding = { element: loop, construct: property, original: detail };
    context.log.needsPerson(finding, 'COLLECTION_REFERENCE', {}, inputCollection);
  }
  if (item !== null) {
    setExtension(loop, zeebe, { inputElement: item.original });
    context.log.mapped(item, item.original);
  } else itemOfStandard(loop, context);
  rewriteBody(loop, 'loopCardinality', context);
  rewriteBody(loop, 'completionCondition', context, { insideCompletionCondition: true });
}

/** bpmn:inputDataItem names the variable of an item when the collection is a variable. */
function itemOfStandard(loop: ModdleElement, { log }: ConvertContext): void {
  const dataItem = child(loop, 'inputDataItem');
  const name = dataItem === null ? null : text(dataItem, 'name');
  if (name === null || extension(loop, zeebe) === null) return;
  setExtension(loop, zeebe, { inputElement: name });
  set(loop, 'inputDataItem', undefined);
  log.mapped({ element: loop, construct: 'bpmn:inputDataItem', original: name }, name);
}
