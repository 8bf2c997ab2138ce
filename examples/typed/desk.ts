import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { Strategy } from "passport-local";
import { definePlugin } from "tenon";

const digest = promisify<string, string, number, Buffer>(scrypt);
const hash = async (badge: unknown, pin: unknown) => (await digest(String(pin), String(badge), 32)).toString("hex");

interface Badge {
  _id: string;
  pin: string;
}

export default definePlugin({
  name: "desk",
  init: ({ storage }) => storage.bootstrap({ badges: { properties: { badge: { type: "keyword" } } } }),
  strategies: {
    desk: {
      authenticator: Strategy,
      strategyOptions: { usernameField: "badge", passwordField: "pin" },
      fields: ["badge", "pin"],
      methods: {
        create: async (_request, { badge, pin }, kuid, _strategy, { repository }) => {
          await repository("badges").create({ _id: kuid, badge, pin: await hash(badge, pin) });
          return { badge };
        },
        update: async (_request, { badge, pin }, kuid, _strategy, { repository }) => {
          await repository("badges").update({ _id: kuid, badge, pin: await hash(badge, pin) });
          return { badge };
        },
        delete: (_request, kuid, _strategy, { repository }) => repository("badges").delete(kuid),
        exists: async (_request, kuid, _strategy, { repository }) =>
          (await repository("badges").mGet([kuid])).length > 0,
        validate: (_request, { badge, pin }) => typeof badge === "string" && typeof pin === "string" && pin.length >= 4,
        // What the authenticator found in the login: here the name and the password.
        verify: async (_login, [badge, pin], { repository }) => {
          const { hits } = await repository("badges").search({ query: { term: { badge } } });
          const [found] = hits as Badge[];
          if (found === undefined || found.pin !== (await hash(badge, pin)))
            return { kuid: null, message: "wrong badge or pin" };
          return { kuid: found._id };
        },
      },
    },
  },
});
