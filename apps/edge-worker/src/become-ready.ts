/** Brings a service to where it accepts tasks, or says what keeps it from there. Safe to call again and again. */
import { objectName } from './address.ts';
import type { Service } from './api/service.ts';
import { ensureCatalog } from './catalog/bootstrap.ts';

/** Updates the catalog, tries the keys on a sealed secret, and opens the first ledger. Throws what is in the way. */
export async function becomeReady(service: Service): Promise<void> {
  await ensureCatalog(service);
  await tryKeys(service);
  await service.objects.get(objectName('default', { place: 0, object: 'ledger', shard: 0 })).touch();
}

/** Under another key-encryption key every stored key and secret would be refused later, one by one. */
async function tryKeys({ namespaces, now }: Service): Promise<void> {
  try {
    await namespaces.signingSecret('default', now());
  } catch (fault) {
    throw new Error('The data was sealed under another key-encryption key. Set ERRAND_KEK to the one it was made with.', { cause: fault });
  }
}
