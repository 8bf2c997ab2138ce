const { BadRequestError } = require("kuzzle");

class OdometerPlugin {
  constructor() {
    this.controllers = { readings: { last: "last" } };
    this.routes = [{ verb: "get", path: "/readings/:vehicle", controller: "readings", action: "last" }];
    this.pipes = { "document:beforeUpdate": "neverBack" };
  }

  async init(config, context) {
    this.config = config;
    this.context = context;
    await context.accessors.storage.bootstrap({ readings: { properties: { distance: { type: "integer" } } } });
    this.readings = new context.constructors.Repository("readings");
  }

  neverBack(request, callback) {
    const { distance } = request.input.body;
    if (distance === undefined) return callback(null, request);
    this.readings
      .search({ query: { term: { _id: request.getId() } } })
      .then(({ hits: [last] }) => {
        if (last && last.distance > distance) throw new BadRequestError("An odometer never runs back");
        return this.readings.createOrReplace({ _id: request.getId(), distance });
      })
      .then(() => callback(null, request))
      .catch(callback);
  }

  async last(request) {
    const { distance } = await this.readings.get(request.input.args.vehicle);
    return `${distance} ${this.config.unit}`;
  }
}

module.exports = OdometerPlugin;
