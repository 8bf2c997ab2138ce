import { randomName, uuid } from "../../kernel/index.ts";

/** `kuid-brave-otter-48213`, or with `uuid` `kuid-<uuid v4>`. */
export const generateKuid = (kind: string): string => (kind === "uuid" ? `kuid-${uuid()}` : randomName("kuid"));
