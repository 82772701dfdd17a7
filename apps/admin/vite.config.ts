import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The service answers at `/admin/` with `dist/`, on the origin of the API; in development Vite stands in front of it. */
export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: { outDir: 'dist', chunkSizeWarningLimit: 1_000 },
  server: { proxy: { '/v1': 'http://localhost:8787', '/docs': 'http://localhost:8787' } },
});
