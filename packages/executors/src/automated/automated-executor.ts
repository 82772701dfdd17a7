/** Performs automated tasks by their handlers in code. Whatever a handler does, throws or returns becomes an outcome. */
import type { Json } from '@errand/core/json';
import type { Outcome } from '@errand/core/outcome';
import type { Assignment } from '@errand/core/assignment';
import { MAX_OUTPUT_CHARACTERS, type Executor, type Work } from '../executor.ts';
import { failed } from '../failed.ts';
import { Stopped } from '../stopped.ts';
import { NonRetryableError, TaskFailure, type HandlerContext, type TaskDefinition } from './define-task.ts';

/** Characters kept of the message of an error that a handler threw. */
const MAX_MESSAGE_LENGTH = 4_000;

/** An executor over `handlers`, by `name@version`. `handlerOf` gives the name of the one that performs a task. */
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
        return outcomeOfThrown(thrown);
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

/** Settles as soon as the attempt is stopped. A handler that ignores its signal may go on, but nobody waits for it any more. */
function raceStop<T>(handler: Promise<T>, work: Work): Promise<T> {
  return new Promise((resolve, reject) => {
    work.whenStopped(reject);
    handler.then(resolve, reject);
  });
}

/** The outcome of what a handler returned, as the JSON that would be stored: a `Date` is a text, a member that is `undefined` is gone. */
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

function outcomeOfThrown(thrown: unknown): Outcome {
  if (thrown instanceof Stopped) return failed(thrown.code, thrown.message, true);
  if (thrown instanceof NonRetryableError) return failed(thrown.code, thrown.message, false, thrown.details);
  if (thrown instanceof TaskFailure) return failed(thrown.code, thrown.message, true, thrown.details);
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return failed('application', message.slice(0, MAX_MESSAGE_LENGTH), true);
}
