import { action, arg, definePlugin } from "tenon";

declare module "tenon" {
  interface EventTable {
    "plugin-till:sold": [sale: { article: string; price: number }];
  }
}

export default definePlugin({
  name: "till",
  pipes: {
    // sale: { article: string; price: number }
    "plugin-till:sold": (sale) => ({ ...sale, price: Math.round(sale.price) }),
  },
  controllers: ({ trigger }) => ({
    till: {
      sell: action({
        summary: "Sells an article",
        args: { article: arg.string(), price: arg.number() },
        run: (sale) => trigger("sold", sale),
      }),
    },
  }),
});
