import { isThenable } from "../events/index.ts";
import { type DocumentRule, RuleTemplate } from "../filters/index.ts";
import type { Logger } from "../kernel/index.ts";
import type { Realtime } from "./realtime.ts";
import type { ReceivingRule } from "./receiver.ts";
import type { Membership, Room } from "./room.ts";
import { unreadableField } from "./unreadable-field.ts";

/** Hides everything: what a member hears until it is known what it may hear. */
const nothing: DocumentRule | undefined = RuleTemplate.of([])?.bind(() => undefined);

export interface FollowingDeps {
  readonly realtime: Realtime;
  readonly ruleOf: ReceivingRule;
  readonly log: Logger;
}

/** Keeps live subscriptions to what the rules of their users say by now. */
export class Following {
  readonly #deps: FollowingDeps;
  /** By membership: the last question, so that an older answer is not used. */
  readonly #asked = new WeakMap<Membership, number>();
  #questions = 0;

  constructor(deps: FollowingDeps) {
    this.#deps = deps;
  }

  /** Rights of this user (undefined: of anybody) may have changed. From now on nobody hears what they do not let it hear any more. */
  changed(kuid: string | undefined): void {
    for (const [member, room] of this.#deps.realtime.followers.of(kuid))
      if (member.follows !== undefined) this.#update(room, member, member.follows);
  }

  #update(room: Room, member: Membership, kuid: string): void {
    const { realtime, ruleOf, log } = this.#deps;
    const question = ++this.#questions;
    this.#asked.set(member, question);
    const wasRuled = member.rule !== undefined;
    const answer = ruleOf(kuid, room.index, room.collection);
    if (!isThenable(answer)) {
      this.#apply(room, member, answer, wasRuled);
      return;
    }
    realtime.limit(room, member, nothing);
    const settle = (rule: DocumentRule | "refused" | undefined): void => {
      const isCurrent = this.#asked.get(member) === question && room.members.get(member.connectionId) === member;
      if (isCurrent) this.#apply(room, member, rule, wasRuled);
    };
    answer.then(settle, (err: unknown) => {
      log.error("realtime.rights_not_read", { err });
      settle("refused");
    });
  }

  /** Rights without rules are not checked again while a subscription lives (contract/realtime.md section 14). */
  #apply(room: Room, member: Membership, rule: DocumentRule | "refused" | undefined, wasRuled: boolean): void {
    const { realtime } = this.#deps;
    if (rule === "refused" && !wasRuled) {
      realtime.limit(room, member, undefined);
      return;
    }
    const isOver = rule === "refused" || unreadableField(room.filter.root, rule?.readable) !== undefined;
    if (isOver) realtime.unsubscribe(member.connectionId, room.id);
    else realtime.limit(room, member, rule);
  }
}
