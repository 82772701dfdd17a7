/** How many sequences of commands every runtime is given; the longer count has more, and fresh ones. */
export const DIFFERENTIAL_SEEDS = 40;
