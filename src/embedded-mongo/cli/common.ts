/** Runs a command-line tool: its errors become one line and exit code 1. */
export function tool(main: () => Promise<void> | void): void {
  Promise.resolve().then(main).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

/** Prints a line of the result. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
