import { KuzzleError } from "../kernel/index.ts";

/** What went wrong in a line; a stack only helps when it is nobody's known error. */
export function explain(error: unknown): string {
  if (error instanceof KuzzleError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const text = error.name === "Error" || "code" in error ? error.message : (error.stack ?? error.message);
  const { syscall, code } = error as NodeJS.ErrnoException;
  const hint = syscall === "listen" && code !== undefined ? listenHints[code] : undefined;
  return hint === undefined ? text : `${text}. ${hint}`;
}

/** What to do when the address cannot be listened on. */
const listenHints: Readonly<Record<string, string>> = {
  EADDRINUSE: "Stop the process that listens there, or choose another port with --port (server.port).",
  EADDRNOTAVAIL: "This machine does not have that address: choose one of its own with --host (server.host).",
  EACCES: "The user that runs the server may not listen there: choose a port from 1024 on with --port (server.port).",
};
