/** Presets: how each sort of sender proves that a delivery is its own. A preset sees the raw delivery, and decides nothing else. */
import type { JsonObject } from '@errand/core/json';
import { signingKey, verifyMessage } from './standard-webhooks.ts';

/** A delivery that nobody has verified yet. */
export interface RawDelivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The sender's own id of the event, where it has one, or why the delivery is refused. */
export type Verification = { readonly ok: true; readonly eventId: string | null } | { readonly ok: false; readonly reason: string };

export interface Preset {
  /** Says why a text cannot be a secret of this preset; `undefined` when it can. */
  secretFault(secret: string): string | undefined;
  /** Faults in the options of a hook, by member. */
  optionFaults(options: JsonObject): readonly { readonly member: string; readonly detail: string }[];
  /** Verifies a delivery at `now` (epoch ms) against the live secrets of its hook, in constant time. */
  verify(delivery: RawDelivery, secrets: readonly string[], now: number, options: JsonObject): Verification;
}

/** The names that the API knows. A hook with one for which {@link presetOf} has no preset is refused with `unsupported_preset`. */
export const PRESET_NAMES = ['standard-webhooks', 'github', 'stripe', 'slack', 'hmac', 'basic', 'api-key'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const standardWebhooks: Preset = {
  secretFault: (secret) => (signingKey(secret) === undefined ? 'must be "whsec_" and base64 of 16 to 64 bytes' : undefined),
  optionFaults: noOptions,
  verify: ({ headers, body }, secrets, now) =>
    verifyMessage(
      {
        id: headers.get('webhook-id') ?? undefined,
        timestamp: headers.get('webhook-timestamp') ?? undefined,
        signatures: headers.get('webhook-signature') ?? undefined,
        body,
      },
      secrets,
      now,
    ),
};

const PRESETS: Partial<Record<PresetName, Preset>> = { 'standard-webhooks': standardWebhooks };

/** The preset of a name; `undefined` for one that is not supported. */
export function presetOf(name: string): Preset | undefined {
  return Object.hasOwn(PRESETS, name) ? PRESETS[name as PresetName] : undefined;
}

function noOptions(options: JsonObject): readonly { readonly member: string; readonly detail: string }[] {
  return Object.keys(options).map((member) => ({ member, detail: 'is not an option of this preset' }));
}
