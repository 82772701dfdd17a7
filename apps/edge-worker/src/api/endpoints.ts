/** Every endpoint of the service. Routes, the OpenAPI document and the tests of isolation are made from this list. */
import type { Endpoint } from './endpoint.ts';
import { readInbox } from './endpoints/inbox.ts';
import { countTasks, listTasks } from './endpoints/list-tasks.ts';
import { claimTask, completeTask, failTask, releaseTask } from './endpoints/manual-verbs.ts';
import { healthz, readyz } from './endpoints/probes.ts';
import { readTask } from './endpoints/read-task.ts';
import { submitTask } from './endpoints/submit-task.ts';
import { taskAttempts, taskEvents } from './endpoints/task-history.ts';
import { taskVerbs } from './endpoints/task-verbs.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  healthz,
  readyz,
  submitTask,
  listTasks,
  countTasks,
  readTask,
  taskEvents,
  taskAttempts,
  ...taskVerbs,
  readInbox,
  claimTask,
  releaseTask,
  completeTask,
  failTask,
];
