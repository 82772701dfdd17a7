/** How large a command is on its way to an object, roughly: enough to keep calls below the platform's bound. */
import type { Command } from '@errand/core/command';
import type { Json } from '@errand/core/json';

/** What a command takes besides its payload: ids, options, actor. */
const ENVELOPE_BYTES = 512;

/** Bytes of a command, estimated without writing it out: a long text counts by its length, at once. */
export function commandBytes(command: Command): number {
  switch (command.type) {
    case 'submit':
      return ENVELOPE_BYTES + jsonBytes(command.spec.input) + jsonBytes(command.spec.metadata);
    case 'report':
      return ENVELOPE_BYTES + (command.outcome.kind === 'completed' ? jsonBytes(command.outcome.output) : 0);
    case 'complete':
      return ENVELOPE_BYTES + jsonBytes(command.output);
    default:
      return ENVELOPE_BYTES;
  }
}

function jsonBytes(value: Json): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value as readonly Json[]) bytes += jsonBytes(item) + 1;
  else for (const [key, item] of Object.entries(value)) bytes += key.length + 4 + jsonBytes(item);
  return bytes;
}
