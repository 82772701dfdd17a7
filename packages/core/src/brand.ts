/** Branded types: the compiler keeps an ordinary string from passing for an id. */
declare const brand: unique symbol;

/**
 * `Brand<string, 'TaskId'>` is a string at run time. To the compiler it is a type that only a cast, in the function that mints it,
 * makes.
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
