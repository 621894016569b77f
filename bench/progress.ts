/** One line on a terminal that says what is being measured; silent elsewhere. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** Progress on standard error, so that standard output holds figures only. */
export function createProgress(): Progress {
  const { stderr } = process;
  const write = (text: string): void => {
    if (stderr.isTTY) stderr.write(`\r\u001b[2K${text.slice(0, stderr.columns - 1)}`);
  };
  return { show: write, clear: () => write("") };
}
