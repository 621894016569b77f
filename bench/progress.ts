/** A line on a terminal that shows the current measurement. Without a terminal, nothing is shown. */
export interface Progress {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/** Shows progress on standard error, so standard output contains only figures. */
export function createProgress(): Progress {
  const { stderr } = process;
  const write = (text: string): void => {
    if (stderr.isTTY) stderr.write(`\r\u001b[2K${text.slice(0, stderr.columns - 1)}`);
  };
  return { show: write, clear: () => write("") };
}
