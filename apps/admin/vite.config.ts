import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * The service answers at `/admin/` with what is built here, on the origin of the API (`scripts/build-admin.mjs`); in
 * development Vite stands in front of it.
 */
export default defineConfig({
  base: '/admin/',
  plugins: [react(), withoutAjv()],
  build: { chunkSizeWarningLimit: 1_000 },
  server: { proxy: { '/v1': 'http://localhost:8787', '/docs': 'http://localhost:8787' } },
});

/**
 * The form library names this validator for its own tests only. It makes code from text, which the page's content security
 * policy forbids, so it is not installed.
 */
function withoutAjv(): Plugin {
  const name = '@rjsf/validator-ajv8';
  return {
    name: 'without-ajv',
    enforce: 'pre',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? 'export default undefined;' : undefined),
  };
}
