import { Controller, type KuzzleRequest, NotFoundError } from "kuzzle";

export class DriverController extends Controller {
  constructor(app) {
    super(app);
    this.definition = {
      actions: {
        assign: { handler: this.assign, http: [{ path: "drivers/:driver/vehicle", verb: "put" }] },
        badge: { handler: this.badge, http: [{ path: "drivers/:driver/badge", verb: "get" }] },
      },
    };
  }

  /** In the name of the driver, whose rights decide. */
  async assign(request: KuzzleRequest) {
    const driver = this.app.sdk.as({ _id: request.getString("driver") }, { checkRights: true });
    const { index, collection } = request.getIndexAndCollection();
    const { _id } = await driver.document.create(index, collection, request.getBody());
    return { _id, seat: request.getBodyInteger("seat", 1) };
  }

  async badge(request: KuzzleRequest) {
    const driver = request.getString("driver");
    try {
      const { licence } = (await this.app.sdk.security.getUser(driver)).content as { licence: string };
      request.response.configure({ format: "raw", headers: { "Content-Type": "text/html" }, status: 201 });
      return `<b>${driver}</b> ${licence}`;
    } catch (error) {
      throw new NotFoundError(`No driver ${driver}: ${error.id}`);
    }
  }
}
