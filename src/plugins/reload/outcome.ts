import type { KuzzleError } from "../../kernel/index.ts";

/** What has come of a reload. */
export type ReloadOutcome =
  | {
      readonly kind: "reloaded" | "added" | "removed";
      readonly plugin: string;
      readonly durationMs: number;
    }
  | {
      /** The former code goes on, if there was any. */
      readonly kind: "failed";
      readonly plugin: string;
      readonly error: KuzzleError;
      /** `lib/index.js:12`, in the plugin's folder, when the error says so. */
      readonly at: string | undefined;
      /** True: only a new process can show the change. */
      readonly needsRestart: boolean;
    };
