// A thread that prints the papers it is sent, one by one. Threads of Node 20 do not inherit the loader of TypeScript, so it is registered here.
import { parentPort } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { printPaper } = await import('./paper.ts');
parentPort?.on('message', (order) => {
  printPaper(order).then(
    (pdf) => parentPort?.postMessage({ pdf }, []),
    (error) => parentPort?.postMessage({ failure: String(error) }, []),
  );
});
