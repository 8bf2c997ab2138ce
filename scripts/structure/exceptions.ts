/** What is allowed although a rule says no: each with its reason, and gone as soon as nothing needs it. */
export interface Exceptions {
  /** Files longer than the limit, and how long they may become. */
  readonly size: readonly { readonly file: string; readonly maxLines: number; readonly reason: string }[];
  /** Imports that close a circle on purpose. */
  readonly cycle: readonly { readonly file: string; readonly target: string; readonly reason: string }[];
  /** Reads of the process's environment outside the places made for it. */
  readonly ambient: readonly { readonly file: string; readonly reads: string; readonly reason: string }[];
}

export const exceptions: Exceptions = {
  size: [],
  cycle: [],
  ambient: [
    {
      file: "src/kernel/request/request.ts",
      reads: "process.env",
      reason:
        "NODE_ENV decides whether answers carry stacks (contract/config.md section 5); it is fixed for the life of the process.",
    },
    ...["process.env", "process.cwd"].map((reads) => ({
      file: "src/app/backend.ts",
      reads,
      reason: "An application that makes its own Backend starts here instead of in src/cli; its options replace both.",
    })),
  ],
};
