/**
 * The name of the service's own executor in leases and events. Where one process at a time runs the service, the name says which:
 * after a restart the attempts of the one before are known to be lost, and nobody waits for their leases.
 */
const NAME = 'service';

/** `processId` is another one at each start; `undefined` where many run at a time. */
export function serviceWorker(processId: string | undefined): string {
  return processId === undefined ? NAME : `${NAME}-${processId}`;
}

/** Says of a worker whether it was part of a process that has ended; `undefined` where nobody can know. */
export function goneWorkers(processId: string | undefined): ((worker: string) => boolean) | undefined {
  if (processId === undefined) return undefined;
  const current = serviceWorker(processId);
  return (worker) => worker !== current && (worker === NAME || worker.startsWith(`${NAME}-`));
}
