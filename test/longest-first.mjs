import Sequencer from '@jest/test-sequencer';

/** Tests of a whole product, whose files tell nothing of how long they take. */
const ofWholeProduct = /\/test\/(?:e2e|gates|generator|process|verification)\/|durable\.test/;

/** Those of a whole product begin first: none of them is left to run alone at the end. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [true, false].flatMap((first) => sorted.filter(({ path }) => ofWholeProduct.test(path) === first));
  }
}
