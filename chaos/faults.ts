/** What has been done to the installation, in order: the schedule that a failing seed is written down with. */

export interface Fault {
  readonly atMs: number;
  readonly experiment: string;
  readonly kind: string;
  readonly target: string;
  readonly detail?: string;
}

export class FaultLog {
  readonly entries: Fault[] = [];
  experiment = '';

  note(kind: string, target: string, detail?: string): void {
    const { experiment } = this;
    this.entries.push({ atMs: Date.now(), experiment, kind, target, ...(detail === undefined ? {} : { detail }) });
  }
}
