import { action, arg, definePlugin, schema } from "tenon";

export default definePlugin({
  name: "shelf",
  init: ({ storage }) => storage.bootstrap({ books: { properties: { title: { type: "keyword" } } } }),
  controllers: ({ repository }) => ({
    shelf: {
      add: action({
        summary: "Puts a book on the shelf",
        http: [{ verb: "POST", path: "shelf/:id" }],
        args: { id: arg.string(), title: arg.body.string(), pages: arg.body.optional.integer() },
        result: schema.object({ id: schema.string(), version: schema.integer() }),
        errors: ["services.storage.document_already_exists"],
        // id: string, title: string, pages: number | undefined
        run: async ({ id, title, pages }, request) => {
          const { _version } = await repository("books").create({ _id: id, title, pages, by: request.getKuid() });
          return { id, version: _version };
        },
      }),
    },
  }),
});
