export const mappings = {
  roads: {
    markers: { mappings: { properties: { label: { type: "keyword" } } } },
    vehicles: { mappings: { properties: { plate: { type: "keyword" } } }, settings: { number_of_replicas: 0 } },
  },
};

export const roles = {
  dispatcher: { controllers: { document: { actions: { "*": true } }, vehicle: { actions: { "*": true } } } },
  driver: { controllers: { document: { actions: { get: true } } } },
};

export const profiles = {
  dispatchers: { policies: [{ roleId: "dispatcher" }], rateLimit: 100 },
  drivers: { policies: [{ restrictedTo: [{ index: "roads" }], roleId: "driver" }] },
};

export const users = {
  dora: {
    content: { licence: "B", profileIds: ["dispatchers"] },
    credentials: { local: { password: "on the road again", username: "dora" } },
  },
  dirk: { content: { licence: "C", profileIds: ["drivers"] }, credentials: {} },
};
