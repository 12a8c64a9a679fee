/** The in-memory engine with definitions/dtks: each step is done by a person of its own, so that four eyes are four; models are compiled once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileDeployment, type Deployment, type DeploymentFile } from '#bpmn/deployment.ts';
import type { Variables } from '#engine/json.ts';
import { MemoryEngine } from '../conformance/memory-engine.ts';

export const folder = join(__dirname, '../../definitions/dtks');
export const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

const compiled = new Map<string, Promise<Deployment>>();
export function compileOnce(files: readonly DeploymentFile[]): Promise<Deployment> {
  const names = files.map(({ name }) => name).join(' ');
  const deployment = compiled.get(names) ?? compileDeployment(files, { decisions: {} });
  compiled.set(names, deployment);
  return deployment;
}

export class DtksEngine extends MemoryEngine {
  override async deploy(files: readonly DeploymentFile[]): Promise<void> {
    const deployment = await compileOnce(files);
    if (!deployment.ok) throw new Error(JSON.stringify(deployment.report));
    this.host.deploy(deployment.processes.map(({ model }) => model));
  }
  override async completeTask(key: string, variables: Variables): Promise<void> {
    const elementId = this.host.userTasks().find((task) => task.key === key)?.elementId ?? '';
    const rejection = this.host.completeUserTask(key, variables, `petugas.${elementId}`);
    if (rejection) throw new Error(rejection.message);
  }
}
