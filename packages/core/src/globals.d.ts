/** The few globals every runtime has and the core uses: timers of waiting callers, and the log of faults. */
declare function setTimeout(callback: () => void, delayMs: number): number;
declare function clearTimeout(timer: number | undefined): void;
declare const console: { error(...values: unknown[]): void; warn(...values: unknown[]): void };
