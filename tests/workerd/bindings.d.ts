import type { Book } from './worker.ts';

declare global {
  namespace Cloudflare {
    interface Env {
      readonly BOOKS: DurableObjectNamespace<Book>;
    }
  }
}
