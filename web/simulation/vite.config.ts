import { defineConfig } from 'vite';

/** `npm run build:simulation`: engine and compiler as one ES module for pages without a server; prints its size, raw and gzip. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  // lezer reads a debug switch from Node's environment.
  define: { process: 'undefined' },
  build: {
    outDir: '../dist/simulation',
    emptyOutDir: true,
    target: 'es2023',
    lib: { entry: '../../bpmn/browser.ts', formats: ['es'], fileName: () => 'alur-simulation.js' },
    // Vite leaves the blanks in a library; nobody bundles this one again.
    rolldownOptions: { output: { minify: true } },
  },
});
