/** Shows how far the story is: one line redrawn on a terminal, a line every second elsewhere. */

/** Starts to show what `line` says; `stop` shows it a last time. */
export function showProgress(line: () => string): { readonly stop: () => void } {
  const terminal = process.stdout.isTTY === true;
  const timer = setInterval(() => draw(terminal, line()), terminal ? 100 : 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      draw(terminal, line());
      if (terminal) process.stdout.write('\n');
    },
  };
}

function draw(terminal: boolean, line: string): void {
  process.stdout.write(terminal ? `\r\u001b[2K${line.slice(0, Math.max(20, (process.stdout.columns ?? 80) - 1))}` : `${line}\n`);
}
