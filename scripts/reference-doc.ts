/** Writes docs/reference.md from the action table of a server: `node scripts/reference-doc.ts`. */
import { writeFileSync } from "node:fs";
import { startServer } from "../testing/index.ts";

export const referenceDocPath = new URL("../docs/reference.md", import.meta.url);

const note = `<!-- Written by scripts/reference-doc.ts from the declarations of the actions in src/api/controllers: change them there. -->

`;

export async function renderReferenceDoc(): Promise<string> {
  await using server = await startServer({ data: ":memory:" });
  return note + server.backend.reference("own");
}

if (import.meta.main) writeFileSync(referenceDocPath, await renderReferenceDoc());
