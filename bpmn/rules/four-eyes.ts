import type { Rule } from '../context.ts';

/** `alur.notSameAs` names user tasks of this process; a typing error must not switch the separation of duties off. */
export const fourEyes: Rule = ({ nodes, log }) => {
  for (const node of Object.values(nodes)) {
    if (node.type !== 'userTask') continue;
    for (const target of node.task.notSameAs) {
      if (target === node.id) log.add('FOUR_EYES_SELF', node.id);
      else if (!Object.hasOwn(nodes, target) || nodes[target]?.type !== 'userTask') {
        log.add('FOUR_EYES_UNKNOWN', node.id, { target });
      }
    }
  }
};
