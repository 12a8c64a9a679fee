/** Which version of a decision, process or form is meant. Camunda 7: latest, deployment, version, versionTag. */
import type { ModdleElement } from '../../moddle.ts';
import { rewritten, take, type ConvertContext } from '../context.ts';
import { setExtension } from '../edit.ts';

/** Moves `<prefix>Binding`, `<prefix>Version` and `<prefix>VersionTag` to an extension element. */
export function convertBinding(element: ModdleElement, prefix: string, type: string, context: ConvertContext): void {
  const found = take(element, `${prefix}Binding`);
  const version = take(element, `${prefix}Version`);
  const tag = take(element, `${prefix}VersionTag`);
  const binding = found?.original ?? 'latest';
  if (found !== null && (binding === 'deployment' || binding === 'latest')) {
    setExtension(element, type, { bindingType: binding });
    context.log.mapped(found, binding);
  }
  if (binding === 'versionTag' && tag !== null) {
    setExtension(element, type, { bindingType: binding, versionTag: rewritten(context, tag) });
  }
  if (found !== null && binding === 'version') {
    // Without a tag the model is refused: the number means another version here.
    setExtension(element, type, { bindingType: 'versionTag' });
    context.log.needsPerson({ ...found, original: version?.original ?? binding }, 'BINDING_VERSION');
  }
}
