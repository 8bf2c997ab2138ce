import { type Backend, Controller, type KuzzleRequest } from "tenon";

const entries = ["guestbook", "entries"] as const;

export interface Entry {
  readonly name: string;
  readonly text: string;
  readonly signedAt: number;
}

export class GuestbookController extends Controller {
  constructor(app: Backend) {
    super(app);
    this.definition = {
      actions: {
        sign: {
          handler: this.sign,
          http: [{ verb: "post", path: "/guestbook/entries", openapi: { description: "Signs the guestbook" } }],
        },
        read: { handler: this.read, http: [{ verb: "get", path: "/guestbook/entries" }] },
      },
    };
  }

  async sign(request: KuzzleRequest): Promise<{ id: string }> {
    const entry = { name: request.getBodyString("name"), text: request.getBodyString("text"), signedAt: Date.now() };
    const { _id } = await this.sdk.document.create(...entries, entry);
    return { id: _id };
  }

  /** The latest first. */
  async read(request: KuzzleRequest): Promise<{ total: number; entries: readonly Entry[] }> {
    const size = request.getInteger("size", 10);
    const page = await this.sdk.document.search(...entries, { sort: { signedAt: "desc" } }, { size });
    return { total: page.total, entries: page.hits.map(({ _source }) => _source as unknown as Entry) };
  }
}
