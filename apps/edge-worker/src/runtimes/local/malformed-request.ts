/** What a server says to a request that cannot be given to the API: its `Host` or its target makes no URL. */
import { responseOf } from '../../api/answer.ts';
import { Problem, problemAnswer, problemOfFault } from '../../api/problem.ts';
import { traceIdOf } from '../../api/trace.ts';

/** There is none to belong to: what is said gets a trace of its own. */
const NO_REQUEST = new Request('http://localhost/');

/** A problem like any other. `fault` is what kept the server from making a request; a fault of ours is logged and says nothing. */
export function malformedRequest(fault: unknown): Response {
  const traceId = traceIdOf(NO_REQUEST);
  const problem =
    fault instanceof Error && fault.name === 'RequestError'
      ? new Problem(400, 'malformed', `The request cannot be read: ${fault.message}.`)
      : problemOfFault(fault, traceId);
  return responseOf(problemAnswer(problem, traceId));
}
