/** Every endpoint of the service. Routes, the OpenAPI document and the tests of isolation are made from this list. */
import type { Endpoint } from './endpoint.ts';
import { finishByCallback } from './endpoints/callbacks.ts';
import { createConnection, deleteConnection, listConnections, putConnection, readConnectionByName } from './endpoints/connections.ts';
import { listDeliveries, receiveDelivery } from './endpoints/hook-deliveries.ts';
import { createHook, deleteHook, listHooks, readHookById } from './endpoints/hooks.ts';
import { readInbox } from './endpoints/inbox.ts';
import { countTasks, listTasks } from './endpoints/list-tasks.ts';
import { explainTask } from './endpoints/explain-task.ts';
import { createKey, listKeys, revokeKey } from './endpoints/keys.ts';
import { readMe } from './endpoints/me.ts';
import { createNamespace, listNamespaces } from './endpoints/namespaces.ts';
import { claimTask, completeTask, failTask, releaseTask } from './endpoints/manual-verbs.ts';
import { healthz, readyz } from './endpoints/probes.ts';
import { readTask } from './endpoints/read-task.ts';
import { readRoutingRules, replaceRoutingRules } from './endpoints/routing-rules.ts';
import { submitTask } from './endpoints/submit-task.ts';
import { testConnection } from './endpoints/test-connection.ts';
import { taskAttempts, taskEvents } from './endpoints/task-history.ts';
import { taskVerbs } from './endpoints/task-verbs.ts';
import { listTaskTypes, listTaskTypeVersions, publishTaskType, readOneTaskType } from './endpoints/task-types.ts';
import { validateTask } from './endpoints/validate-task.ts';
import { metrics } from './endpoints/metrics.ts';
import { openApi } from './endpoints/open-api.ts';
import { pollWork } from './endpoints/poll-work.ts';
import { completeAttempt, failAttempt, heartbeatAttempt } from './endpoints/report-attempt.ts';
import { replayTask } from './endpoints/replay-task.ts';
import { rescheduleTask } from './endpoints/reschedule-task.ts';
import { stats } from './endpoints/stats.ts';
import { stream } from './endpoints/stream.ts';
import { submitTasks } from './endpoints/submit-batch.ts';
import { updateTask } from './endpoints/update-task.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  submitTask,
  submitTasks,
  validateTask,
  listTasks,
  countTasks,
  readTask,
  taskEvents,
  taskAttempts,
  explainTask,
  ...taskVerbs,
  rescheduleTask,
  replayTask,
  updateTask,
  pollWork,
  heartbeatAttempt,
  completeAttempt,
  failAttempt,
  createConnection,
  listConnections,
  readConnectionByName,
  putConnection,
  deleteConnection,
  testConnection,
  finishByCallback,
  createHook,
  listHooks,
  readHookById,
  deleteHook,
  receiveDelivery,
  listDeliveries,
  publishTaskType,
  listTaskTypes,
  readOneTaskType,
  listTaskTypeVersions,
  readRoutingRules,
  replaceRoutingRules,
  createKey,
  listKeys,
  revokeKey,
  createNamespace,
  listNamespaces,
  readMe,
  readInbox,
  claimTask,
  releaseTask,
  completeTask,
  failTask,
  stats,
  stream,
  healthz,
  readyz,
  metrics,
  openApi,
];
