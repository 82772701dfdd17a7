/** How a kind of sender proves itself: a preset for each. A preset sees the raw delivery and decides nothing else. */
import type { JsonObject } from '@errand/core/json';
import { signingKey, verifyMessage } from './standard-webhooks.ts';

/** A delivery before anything of it is believed. */
export interface RawDelivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type Verification = { readonly ok: true; readonly eventId: string | null } | { readonly ok: false; readonly reason: string };

export interface Preset {
  /** Says why a text cannot be a secret of this preset; nothing when it can. */
  secretFault(secret: string): string | undefined;
  /** Says what is wrong with the options of a hook, by member. */
  optionFaults(options: JsonObject): readonly { readonly member: string; readonly detail: string }[];
  /** Verifies a delivery against the live secrets, in constant time. */
  verify(delivery: RawDelivery, secrets: readonly string[], now: number, options: JsonObject): Verification;
}

/** Presets of the contract; those without an entry in {@link presetOf} come later. */
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

/** The preset of that name, or nothing for one that is not there yet. */
export function presetOf(name: string): Preset | undefined {
  return Object.hasOwn(PRESETS, name) ? PRESETS[name as PresetName] : undefined;
}

function noOptions(options: JsonObject): readonly { readonly member: string; readonly detail: string }[] {
  return Object.keys(options).map((member) => ({ member, detail: 'is not an option of this preset' }));
}
