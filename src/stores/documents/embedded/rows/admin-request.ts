import type { CollectionRef, Scope } from "../../document-store.ts";

/** What changes a collection itself; travels as an object, because it is rare. Mappings and settings are JSON texts. */
export type AdminRequest =
  | {
      readonly kind: "create";
      readonly target: CollectionRef;
      readonly scope: Scope;
      readonly mappings: string;
      readonly settings: string;
    }
  | { readonly kind: "delete" | "truncate"; readonly collection: number }
  /** Documents that are stored already: their new fields enter the mapping where it is open. */
  | { readonly kind: "grow"; readonly collection: number; readonly sources: readonly string[] }
  | { readonly kind: "mappings"; readonly collection: number; readonly mappings: string }
  | { readonly kind: "settings"; readonly collection: number; readonly settings: string };
