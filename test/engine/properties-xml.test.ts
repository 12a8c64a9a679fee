/** The way through BPMN XML: what the compiler makes of a random process does the same as the process itself. */
import { describe, expect, test } from '@jest/globals';
import type { AdmissionReport } from '#bpmn/admission.ts';
import { compile } from '#bpmn/compile.ts';
import { modelOf } from './block-process-model.ts';
import { drawProcess } from './block-process-random.ts';
import { xmlOf } from './block-process-xml.ts';
import { walk } from './properties-path.ts';
import { Chance, seedOf } from './seeded.ts';

const processes = Number(process.env['ALUR_XML_PROCESSES'] ?? 100);
const paths = 5;

const errorsIn = ({ entries }: AdmissionReport): unknown =>
  entries.flatMap(({ elementId, problems }) =>
    problems.filter(({ severity }) => severity === 'error').map(({ message }) => `${elementId}: ${message.en}`),
  );

describe('random processes, written as XML and compiled', () => {
  test(`${processes} processes, ${paths} paths through each`, async () => {
    const seed = seedOf('random XML');
    for (let index = 0; index < processes; index++) {
      const process = drawProcess(new Chance(seed, index));
      const { model, variables } = modelOf(process);
      const compiled = await compile(xmlOf(model));
      const words = `ALUR_SEED=${seed}, process ${index}: ${JSON.stringify(process)}`;
      if (!compiled.ok) throw new Error(`${words}\n${JSON.stringify(errorsIn(compiled.report))}`);
      const [read] = compiled.processes;
      if (!read) throw new Error(`${words}\nThe file has no process.`);
      for (let path = 0; path < paths; path++) {
        const divergence = walk({ process, model: read, variables }, new Chance(seed, index, path));
        expect(divergence && { words, ...divergence }).toBeNull();
      }
    }
  });
});
