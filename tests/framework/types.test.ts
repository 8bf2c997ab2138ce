/** Types that an application sees: `tsc` fails when an expected error is none. */
import { test } from "node:test";
import type { KuzzleRequest } from "../../src/index.ts";
import { createApplication } from "./application.ts";

interface Sold {
  readonly name: "shop:sold";
  readonly args: readonly [sale: { price: number }];
}

test("handlers have their types from the name of the event", async (t) => {
  const app = await createApplication(t);
  app.pipe.register("document:beforeCreate", async (request) => request satisfies KuzzleRequest);
  app.pipe.register("generic:document:beforeWrite", async (documents, request) => {
    for (const { _source } of documents) if (_source !== undefined) _source.by = request.getKuid();
    return documents;
  });
  app.pipe.register<Sold>("shop:sold", async (sale) => ({ price: sale.price + 1 }));
  app.pipe.register("shop:anything", async (text: string) => text);
  app.hook.register("connection:new", (connection, event) => [connection.id, event satisfies string]);
  // @ts-expect-error a pipe answers what goes on
  app.pipe.register("document:beforeCreate", async () => 3);
  // @ts-expect-error an answer at once is not seen
  app.pipe.register("document:beforeCreate", (request) => request);
  // @ts-expect-error documents have no such member
  app.pipe.register("generic:document:beforeWrite", async (documents) => documents.map(({ id }) => id));
  // @ts-expect-error the sale has a price
  app.pipe.register<Sold>("shop:sold", async (sale) => ({ cost: sale.price }));
});
