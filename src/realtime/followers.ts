import type { Membership, Room } from "./room.ts";

/** Which memberships follow the rights of which user. */
export class Followers {
  readonly #byUser = new Map<string, Map<Membership, Room>>();

  follow(room: Room, membership: Membership, kuid: string): void {
    if (membership.follows !== kuid) this.forget(membership);
    membership.follows = kuid;
    const followers = this.#byUser.get(kuid) ?? new Map<Membership, Room>();
    this.#byUser.set(kuid, followers.set(membership, room));
  }

  forget(membership: Membership): void {
    const { follows } = membership;
    if (follows === undefined) return;
    const followers = this.#byUser.get(follows);
    followers?.delete(membership);
    if (followers?.size === 0) this.#byUser.delete(follows);
  }

  /** Those of a user (undefined: of anybody), with their rooms. */
  of(kuid: string | undefined): readonly (readonly [Membership, Room])[] {
    if (kuid !== undefined) return [...(this.#byUser.get(kuid) ?? [])];
    return [...this.#byUser.values()].flatMap((followers) => [...followers]);
  }
}
