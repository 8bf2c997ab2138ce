import { type CheckReport, checkData, type RepairReport } from "../../operation/index.ts";
import { answer, runDataCommand, say } from "./run-data-command.ts";

/** Lost ids that are printed before the rest is only counted; `--json` has them all. */
const maxPrinted = 20;

/** `tenon check`. Answers the exit code: 0 sound, 1 damaged, 2 not checked. */
export function check(argv: readonly string[]): Promise<number> {
  return runDataCommand(
    "check",
    argv,
    { flag: "repair" },
    async ({ directory, json, flag }) => {
      if (flag) say("check", `repairing ${directory}`);
      const report = checkData(directory, { repair: flag });
      await answer(json ? JSON.stringify(report) : textOf(report));
      const { isSound, repair } = report;
      const isMended = repair !== undefined && repair.done.length > 0 && !repair.lostAnything;
      return isSound || isMended ? 0 : 1;
    },
    { failed: 2, misused: 2 },
  );
}

function textOf(report: CheckReport): string {
  const { directory, collections, superseded, segments, keys, findings, isSound, isRunning, repair } = report;
  const documents = collections.reduce((sum, one) => sum + one.documents, 0);
  const lines = [
    `${directory}${isRunning ? " (a server is at work: checked as of one instant)" : ""}`,
    `  ${documents} documents in ${collections.length} collections, ${superseded} superseded versions, ${segments} stored segments, ${keys} keys`,
    ...findings.map(({ kind, place, problem }) => `  ${kind}: ${place}: ${problem}`),
    isSound ? "sound" : "damaged",
  ];
  if (repair !== undefined) lines.push(...repairLines(repair));
  else if (!isSound)
    lines.push('Stop the server, and mend what can be mended with "tenon check --repair", or restore a backup.');
  return lines.join("\n");
}

function repairLines({ done, collections, lostParts, lostAnything }: RepairReport): string[] {
  if (done.length === 0) return ["nothing was repaired"];
  const lines = done.map((sentence) => `repaired: ${sentence}`);
  for (const { index, collection, documents, lost, unreadable, uncertain, isWithoutMapping } of collections) {
    lines.push(`  ${index}:${collection}: ${documents} documents saved`);
    if (lost.length > 0)
      lines.push(
        `    lost: ${lost
          .slice(0, maxPrinted)
          .map((id) => JSON.stringify(id))
          .join(", ")}`,
      );
    if (lost.length > maxPrinted) lines.push(`    and ${lost.length - maxPrinted} more: --json names them all`);
    if (unreadable > 0) lines.push(`    ${unreadable} numbers of versions could not be read`);
    if (uncertain > 0)
      lines.push(`    ${uncertain} documents may have been deleted before: whether they were could not be read`);
    if (isWithoutMapping) lines.push("    its mapping could not be read: it has none now");
  }
  lines.push(...lostParts.map((part) => `  lost: ${part}`));
  lines.push(lostAnything ? "Something was lost." : "Nothing was lost.");
  return lines;
}
