/** Virtual time: one priority queue of what happens next. Nothing in a simulation happens but what is popped from here. */

/** One life of something that can die: an object, a process, a client. What belongs to a dead one does not happen. */
export interface Life {
  readonly name: string;
  alive: boolean;
}

/** Something that will happen. */
export interface Entry {
  readonly at: number;
  /** Breaks ties between entries of the same instant, by lot: that is where messages are reordered. */
  readonly lot: number;
  readonly life: Life | undefined;
  readonly what: string;
  readonly run: () => void;
  canceled: boolean;
}

export class Agenda {
  /** True time, epoch ms. Clocks of objects may differ. */
  now: number;
  /** Whose turn it is: timers set now belong to it. */
  current: Life | undefined;
  steps = 0;
  readonly #heap: Entry[] = [];

  constructor(start: number) {
    this.now = start;
  }

  add(at: number, lot: number, life: Life | undefined, what: string, run: () => void): Entry {
    const entry: Entry = { at: Math.max(at, this.now), lot, life, what, run, canceled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** Moves time to the next entry and runs it. Gives it back, or `undefined` when nothing will happen any more. */
  step(): Entry | undefined {
    for (let entry = this.#pop(); entry !== undefined; entry = this.#pop()) {
      if (entry.canceled || entry.life?.alive === false) continue;
      this.now = entry.at;
      this.current = entry.life;
      this.steps += 1;
      entry.run();
      return entry;
    }
    return undefined;
  }

  #pop(): Entry | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top === undefined || last === undefined || this.#heap.length === 0) return top;
    this.#heap[0] = last;
    this.#sink();
    return top;
  }

  #rise(start: number): void {
    const heap = this.#heap;
    for (let i = start; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i], heap[parent])) return;
      swap(heap, i, parent);
      i = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const least = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[least], heap[i])) return;
      swap(heap, i, least);
      i = least;
    }
  }
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.lot < b.lot);
}

function swap(heap: Entry[], i: number, j: number): void {
  const [a, b] = [heap[i], heap[j]];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}
