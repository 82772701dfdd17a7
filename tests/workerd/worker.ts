/** The worker of the tests in workerd: objects that are nothing but their storage and their alarm. */
import { DurableObject } from 'cloudflare:workers';

export class Book extends DurableObject {
  readonly alarms: number[] = [];

  override alarm(): void {
    this.alarms.push(Date.now());
  }
}

export default { fetch: () => new Response('a test worker') } satisfies ExportedHandler;
