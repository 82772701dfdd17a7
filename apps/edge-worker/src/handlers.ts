/** The handlers this deployment has. In development they are the examples. */
import { exampleEcho, exampleFlaky, exampleSleep, exampleSum } from '@errand/examples/handlers/example-types';
import { orderPrice } from '@errand/examples/handlers/order-price';
import type { TaskDefinition } from '@errand/executors/automated/define-task';

export const HANDLERS = [exampleSum, exampleEcho, exampleFlaky, exampleSleep, orderPrice] as unknown as readonly TaskDefinition[];
