/** Performs automated tasks by handlers in code, each with its own timeout and `AbortSignal`. */
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/ports';
import type { TaskError } from '@errand/core/task';
import type { Executor, Work } from '../executor.ts';
import { NonRetryableError, TaskFailure, type HandlerContext, type TaskDefinition } from './define-task.ts';

/** A result larger than this fails the attempt: 1 MiB, like an input. */
export const MAX_OUTPUT_CHARACTERS = 1_048_576;

/** An executor over `handlers`, by `name@version`. `handlerOf` says which one performs a task. */
export function createAutomatedExecutor(deps: {
  readonly handlers: ReadonlyMap<string, TaskDefinition>;
  readonly handlerOf: (task: Assignment['task']) => Promise<string | undefined>;
  readonly now: () => number;
}): Executor {
  return {
    async perform(assignment, work) {
      const name = await deps.handlerOf(assignment.task);
      const definition = name === undefined ? undefined : deps.handlers.get(name);
      if (definition === undefined) return failed('no_handler', `No handler named ${name ?? '(none)'} is deployed.`, true);
      try {
        const output = await raceStop(runHandler(definition, assignment, work, deps.now), work);
        return toOutcome(output);
      } catch (thrown) {
        return outcomeOfThrown(thrown, work.signal);
      }
    },
  };
}

async function runHandler(definition: TaskDefinition, assignment: Assignment, work: Work, now: () => number): Promise<unknown> {
  const { task } = assignment;
  const parsed = await definition.input['~standard'].validate(task.input);
  if (parsed.issues !== undefined)
    throw new NonRetryableError(`The input no longer fits: ${parsed.issues[0]?.message ?? ''}`, { code: 'input_invalid' });
  return definition.run(contextOf(assignment, work, now), parsed.value as never);
}

function contextOf({ task, checkpoint }: Assignment, work: Work, now: () => number): HandlerContext {
  const line = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string) =>
    work.log({ at: now(), level, message: String(message) });
  return {
    task,
    get signal() {
      return work.signal;
    },
    attempt: task.attempt,
    checkpoint,
    heartbeat: (details) => work.heartbeat(details),
    log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
  };
}

/** A handler that ignores its signal is left behind: its result no longer counts. */
function raceStop<T>(handler: Promise<T>, work: Work): Promise<T> {
  return new Promise((resolve, reject) => {
    work.whenStopped(reject);
    handler.then(resolve, reject);
  });
}

function toOutcome(output: unknown): Outcome {
  if (output === undefined) return failed('output_invalid', 'The handler returned nothing. Return a JSON value.', true);
  let text: string | undefined;
  try {
    text = JSON.stringify(output);
  } catch {
    return failed('output_invalid', 'The handler returned something that is no JSON value.', true);
  }
  if (text === undefined) return failed('output_invalid', 'The handler returned something that is no JSON value.', true);
  if (text.length > MAX_OUTPUT_CHARACTERS)
    return failed('payload_too_large', `The handler returned ${text.length} characters; at most ${MAX_OUTPUT_CHARACTERS} are kept.`, false);
  return { kind: 'completed', output: JSON.parse(text) as Json };
}

function outcomeOfThrown(thrown: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted && thrown === signal.reason)
    return failed('timeout.start_to_close', String((thrown as Error).message ?? 'The attempt was stopped.'), true);
  if (thrown instanceof NonRetryableError) return failed(thrown.code, thrown.message, false, thrown.details);
  if (thrown instanceof TaskFailure) return failed(thrown.code, thrown.message, true, thrown.details);
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return failed('application', message.slice(0, 4_000), true);
}

function failed(code: string, message: string, retryable: boolean, details?: Json): Outcome {
  const error: TaskError = { code, message, retryable, ...(details === undefined ? {} : { details }) };
  return { kind: 'failed', error };
}
