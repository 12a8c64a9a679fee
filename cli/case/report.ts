/** Results of cases and their coverage, as lines for people and as JSON for programs. */
import { text } from '../texts.ts';
import type { ProcessCoverage, Share } from './coverage.ts';
import type { CaseResult } from './suite.ts';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly case: string; readonly reason: string }[];
}

export function summaryOf(results: readonly CaseResult[]): Summary {
  const count = (wanted: CaseResult['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    failures: results
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ case: id, reason }) => ({ case: id, reason })),
  };
}

const marks = { passed: '✓', failed: '✗', skipped: '-' } as const;
export const resultLine = ({ outcome, case: id, reason }: CaseResult): string =>
  [marks[outcome], id, reason].filter((part) => part !== '').join(' ');

export const summaryLine = ({ passed, failed, skipped }: Summary): string =>
  text('caseCounts', { passed, failed, skipped });

/** What JSON tells of a process. */
export const figuresOf = ({ processId, file, elements, flows }: ProcessCoverage): ProcessCoverage => ({
  processId,
  file,
  elements,
  flows,
});
const shareLine = ({ covered, total }: Share): string => `${String(covered)}/${String(total)}`;
export const coverageLines = (processes: readonly ProcessCoverage[]): string[] =>
  processes.map(({ processId, file, elements, flows }) => {
    const uncovered = [...elements.uncovered, ...flows.uncovered].join(' ');
    const shares = { process: processId, file, elements: shareLine(elements), flows: shareLine(flows) };
    return uncovered === '' ? text('coverage', shares) : text('coverageGaps', { ...shares, uncovered });
  });
