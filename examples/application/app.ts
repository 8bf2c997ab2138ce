/** A guestbook: who signs it is greeted, and nobody signs without a text. */
import { Backend, BadRequestError } from "tenon";
import { GuestbookController } from "./controllers/guestbook-controller.ts";

const app = new Backend("guestbook");

app.import.mappings({
  guestbook: {
    entries: {
      mappings: {
        properties: { name: { type: "keyword" }, text: { type: "text" }, signedAt: { type: "date" } },
      },
    },
  },
});

app.controller.use(new GuestbookController(app));

app.pipe.register("guestbook:beforeSign", async (request) => {
  if (request.getBodyString("text").trim() === "") throw new BadRequestError("An entry needs a text.");
  return request;
});

app.hook.register("guestbook:afterSign", (request) => {
  app.log.info(`${request.getBodyString("name")} has signed`);
});

await app.start();
