/** Compiles the same files once: the cases of a folder share their models. */
import { compileDeployment } from '#bpmn/deployment.ts';
import type { Deployment, ExistingResources } from '#bpmn/deployment.ts';
import type { CaseFile } from './engine.ts';

export type Compile = (files: readonly CaseFile[], existing: ExistingResources) => Promise<Deployment>;

/** Remembers every deployment that refers to nothing published before. */
export function compileOnce(): Compile {
  const compiled = new Map<string, Promise<Deployment>>();
  return (files, existing) => {
    if (Object.keys(existing.decisions).length > 0) return compileDeployment(files, existing);
    const content = JSON.stringify(files.map(({ name, content: source }) => [name, source]));
    const deployment = compiled.get(content) ?? compileDeployment(files, existing);
    compiled.set(content, deployment);
    return deployment;
  };
}
