import { FleetApplication } from "./lib/FleetApplication";

const app = new FleetApplication();

app
  .start()
  .then(() => app.log.info("Application started"))
  .catch(app.log.error.bind(app.log));
