/** Random processes: sound ones stay without findings, a changed gateway is found, and the engine never contradicts the check. */
import { expect, it } from '@jest/globals';
import { checkSoundness } from '#bpmn/soundness/check.ts';
import { drawProcess } from '../engine/block-process-random.ts';
import { modelOf } from '../engine/block-process-model.ts';
import { Chance, seedOf } from '../engine/seeded.ts';
import { drawSound, withGateway } from './random-blocks.ts';
import { walk } from './walk.ts';

const processes = 200;
const walks = 6;

it('sound processes have no findings, with one gateway of another kind they have', () => {
  const seed = seedOf('soundness of blocks');
  let changed = 0;
  for (let number = 0; number < processes; number += 1) {
    const chance = new Chance(seed, number);
    const { model, targets } = drawSound(chance);
    const { complete, findings } = checkSoundness([model]);
    expect({ number, complete, findings }).toEqual({ number, complete: true, findings: [] });
    if (targets.length === 0) continue;
    const { id, unsoundAs } = chance.of(targets);
    const type = chance.of(unsoundAs);
    const broken = checkSoundness([withGateway(model, id, type)]).findings.filter(
      ({ severity }) => severity !== 'info',
    );
    expect({ number, id, type, found: broken.length > 0 }).toEqual({ number, id, type, found: true });
    changed += 1;
  }
  expect(changed).toBeGreaterThan(processes / 2);
});

it('no run of the engine contradicts the check, whatever the process is made of', () => {
  const seed = seedOf('soundness against runs');
  for (let number = 0; number < processes; number += 1) {
    const chance = new Chance(seed, number);
    const { model, variables } = modelOf(drawProcess(chance));
    const { complete, findings } = checkSoundness([model]);
    const dead = new Set(
      findings
        .filter(({ code }) => code === 'DEAD_ELEMENT' || code === 'END_NEVER_REACHED')
        .flatMap(({ elements }) => elements),
    );
    const isSuspected = !complete || findings.some(({ code }) => code === 'DEADLOCK');
    for (let round = 0; round < walks; round += 1) {
      const { activated, stuckBefore } = walk(model, variables, chance);
      expect({ number, reached: [...activated].filter((id) => dead.has(id)) }).toEqual({ number, reached: [] });
      if (!isSuspected) expect({ number, stuckBefore }).toEqual({ number, stuckBefore: [] });
    }
  }
});
