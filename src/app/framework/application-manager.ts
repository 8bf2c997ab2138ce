import type { Application } from "../application.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Base of the parts of a `Backend`: each fills in or reads the one application that it belongs to. */
export class ApplicationManager {
  protected readonly application: Application;
  protected readonly life: Lifecycle;

  constructor(application: Application, life: Lifecycle) {
    this.application = application;
    this.life = life;
  }
}
