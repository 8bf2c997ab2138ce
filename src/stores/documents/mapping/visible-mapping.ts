import type { FieldList } from "../../../filters/index.ts";
import type { CompiledMapping, MappingNode, ObjectNode } from "./compile-mapping.ts";

/** Views of a mapping that are kept: users share the lists of their policies. A guess. */
const maxViews = 100;

const views = new WeakMap<CompiledMapping, Map<string, CompiledMapping>>();

/** The mapping without the fields that somebody may not see: to searches these are not mapped. An alias is seen when its field is. */
export function visibleMapping(mapping: CompiledMapping, list: FieldList): CompiledMapping {
  const known = views.get(mapping) ?? new Map<string, CompiledMapping>();
  views.set(mapping, known);
  const key = JSON.stringify(list.patterns);
  const view = known.get(key) ?? viewOf(mapping, list);
  if (known.size >= maxViews) known.clear();
  known.set(key, view);
  return view;
}

function viewOf(mapping: CompiledMapping, list: FieldList): CompiledMapping {
  const isSeen = (path: string): boolean => list.covers(path) || list.reaches(path);
  return {
    ...mapping,
    visible: list,
    root: objectOf(mapping.root, list),
    fields: new Map([...mapping.fields].filter(([, { path }]) => list.covers(path))),
    objects: new Map([...mapping.objects].filter(([path]) => path === "" || isSeen(path))),
    aliases: mapping.aliases.filter(({ target }) => list.covers(target)),
    flattened: mapping.flattened.filter(({ path }) => list.covers(path)),
  };
}

function objectOf(node: ObjectNode, list: FieldList): ObjectNode {
  const children = new Map<string, MappingNode>();
  for (const [name, child] of node.children) {
    if (child.kind === "object") {
      if (list.covers(child.path) || list.reaches(child.path)) children.set(name, objectOf(child, list));
    } else if (list.covers(child.kind === "alias" ? child.target : child.path)) children.set(name, child);
  }
  return { ...node, children };
}
