import { definePlugin } from "tenon";

export default definePlugin({
  name: "invoice",
  dependsOn: { till: "*" },
  after: ["stamp"],
  before: ["archive"],
  priority: 10,
  pipes: {
    "plugin-till:sold": (sale) => sale,
  },
});
