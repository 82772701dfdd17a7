/** Every endpoint of the service. Routes, the OpenAPI document and the tests of isolation are made from this list. */
import type { Endpoint } from './endpoint.ts';
import { finishByCallback } from './endpoints/callbacks.ts';
import { createConnection, deleteConnection, listConnections, putConnection, readConnectionByName } from './endpoints/connections.ts';
import { readInbox } from './endpoints/inbox.ts';
import { countTasks, listTasks } from './endpoints/list-tasks.ts';
import { claimTask, completeTask, failTask, releaseTask } from './endpoints/manual-verbs.ts';
import { healthz, readyz } from './endpoints/probes.ts';
import { readTask } from './endpoints/read-task.ts';
import { submitTask } from './endpoints/submit-task.ts';
import { testConnection } from './endpoints/test-connection.ts';
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
  createConnection,
  listConnections,
  readConnectionByName,
  putConnection,
  deleteConnection,
  testConnection,
  finishByCallback,
  readInbox,
  claimTask,
  releaseTask,
  completeTask,
  failTask,
];
