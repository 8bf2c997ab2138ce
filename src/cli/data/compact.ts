import { compactData, textOfSize } from "../../operation/index.ts";
import { answer, runDataCommand, say } from "./run-data-command.ts";

/** `tenon compact`. Answers the exit code. */
export function compact(argv: readonly string[]): Promise<number> {
  return runDataCommand("compact", argv, {}, async ({ directory, json }) => {
    say("compact", directory);
    const report = compactData(directory);
    await answer(
      json
        ? JSON.stringify(report)
        : `${directory}: store.db had ${textOfSize(report.before)}, and has ${textOfSize(report.after)}`,
    );
    return 0;
  });
}
