import { longerThan } from "../bytes.ts";
import { compareIntegerTexts, isIntegerText } from "../integers.ts";
import { Slots, type Slotted } from "../slots.ts";

const smallIntegers = 512;
const smallMembers = 128;
const smallBytes = 64;

class Member implements Slotted {
  readonly key: string;
  slot = -1;

  constructor(key: string) {
    this.key = key;
  }
}

/** A set. While it holds few members, all integers, it lists them in ascending order, on which clients have come to rely. */
export class SetValue {
  readonly type = "set";
  readonly #members = new Slots<Member>();
  /** Redis' name of the form it would have; goes only towards `hashtable`. */
  encoding: "intset" | "listpack" | "hashtable" = "intset";

  static of(members: Iterable<string>): SetValue {
    const set = new SetValue();
    for (const member of members) set.add(member);
    return set;
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: string): boolean {
    return this.#members.has(member);
  }

  /** True when the member is new. */
  add(member: string): boolean {
    if (this.#members.has(member)) return false;
    this.#members.add(new Member(member));
    if (this.encoding !== "hashtable") this.#grow(member);
    return true;
  }

  #grow(member: string): void {
    if (this.encoding === "intset") {
      if (isIntegerText(member)) {
        if (this.size > smallIntegers) this.encoding = "hashtable";
        return;
      }
      this.encoding = "listpack";
    }
    if (this.size > smallMembers || longerThan(member, smallBytes)) this.encoding = "hashtable";
  }

  delete(member: string): boolean {
    const item = this.#members.get(member);
    if (item === undefined) return false;
    this.#members.remove(item);
    return true;
  }

  members(): string[] {
    const members = this.#members.toArray().map(keyOf);
    return this.encoding === "intset" ? members.sort(compareIntegerTexts) : members;
  }

  random(): string | undefined {
    return this.#members.random()?.key;
  }

  /** As {@link Slots.scan}. */
  scan(cursor: number, count: number, page: string[]): number {
    const members: Member[] = [];
    const next = this.#members.scan(cursor, count, members);
    for (const member of members) page.push(member.key);
    return next;
  }
}

const keyOf = (member: Member): string => member.key;
