/** Names for strings that are more than strings. */
declare const brand: unique symbol;

/** A type that only its own constructor makes: `Brand<string, 'TaskId'>` is a string no other string passes for. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
