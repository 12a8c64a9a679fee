import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build web` writes web/dist, which the API serves at `/`; `vite web` proxies to a running API. */
const api = `http://127.0.0.1:${process.env['ALUR_HTTP_PORT'] ?? '8080'}`;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 900 },
  server: { host: '127.0.0.1', proxy: { '/v2': api, '/health': api, '/docs': api } },
});
