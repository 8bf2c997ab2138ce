/** Which events a name with wildcards stands for. */
export type EventMatcher = (event: string) => boolean;

/**
 * Names of events with wildcards as the emitter of the first releases reads them: segments between colons, `*` stands for one whole segment and
 * `**` for any number. A part of a segment (`before*`) means nothing.
 * Undefined for a name without any.
 * Source: contract/plugins/v0.md section 5.
 */
export function segmentMatcher(pattern: string): EventMatcher | undefined {
  const segments = pattern.split(":");
  if (!segments.some((segment) => segment === "*" || segment === "**")) return undefined;
  return (event) => matches(segments, 0, event.split(":"), 0);
}

function matches(pattern: readonly string[], at: number, event: readonly string[], from: number): boolean {
  if (at === pattern.length) return from === event.length;
  if (pattern[at] === "**") {
    for (let next = from; next <= event.length; next++) if (matches(pattern, at + 1, event, next)) return true;
    return false;
  }
  if (from === event.length) return false;
  return (pattern[at] === "*" || pattern[at] === event[from]) && matches(pattern, at + 1, event, from + 1);
}

/** `<first segment>:*`, as pipes of the first releases have it: everything below that segment. */
export function firstSegmentMatcher(pattern: string): EventMatcher | undefined {
  if (!/^[^:]*:\*$/.test(pattern)) return undefined;
  const prefix = pattern.slice(0, -1);
  return (event) => event.startsWith(prefix);
}

/**
 * `<scope>:before*`, `<scope>:after*` and `<scope>:*` where a later release has added events to the scope; undefined where it has not, so that the
 * names mean what they mean for everybody.
 */
export function scopeMatcher(pattern: string): EventMatcher | undefined {
  const [, scope = "", start] = /^(generic:document|request):(before|after|)\*$/.exec(pattern) ?? [];
  return start === undefined ? undefined : (event) => event.startsWith(`${scope}:${start}`);
}

/** Events with payloads that plugins of this generation cannot know: their wildcards do not stand for them. */
const added = /^(generic:document:injectMetadata|request:(before|on|after)Execution)$/;

export function withoutAdded(matcher: EventMatcher | undefined): EventMatcher | undefined {
  return matcher === undefined ? undefined : (event) => matcher(event) && !added.test(event);
}
