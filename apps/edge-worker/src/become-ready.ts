/** Makes a service ready to accept tasks, or says what keeps it from that. It may be called any number of times. */
import { objectName } from './address.ts';
import type { Service } from './api/service.ts';
import { ensureCatalog } from './catalog/bootstrap.ts';

/** Updates the catalog, tries the keys on a sealed secret, and opens the first ledger. Throws what is in the way. */
export async function becomeReady(service: Service): Promise<void> {
  await ensureCatalog(service);
  await tryKeys(service);
  await service.objects.get(objectName('default', { place: 0, object: 'ledger', shard: 0 })).touch();
}

/** Opens one sealed secret. Under another key-encryption key all of them would be refused later, one request after the other. */
async function tryKeys({ namespaces, now }: Service): Promise<void> {
  try {
    await namespaces.signingSecret('default', now());
  } catch (fault) {
    throw new Error('The data was sealed under another key-encryption key. Set ERRAND_KEK to the one it was made with.', { cause: fault });
  }
}
