import { AsyncLocalStorage } from "node:async_hooks";
import type { Backend, BackendOptions } from "../backend.ts";

/** Whoever runs an application's file: gives a `Backend` what its author did not, and hears of it. */
export interface Launcher {
  /** Under those that the application gives itself. */
  readonly options: BackendOptions;
  readonly onMade: (backend: Backend) => void;
  readonly onStarted: (backend: Backend) => void;
  readonly onFailed: (error: unknown) => void;
}

const launchers = new AsyncLocalStorage<Launcher>();

/** Runs an application: every `Backend` that `run` makes, now or later, belongs to the launcher. */
export const launch = <R>(launcher: Launcher, run: () => R): R => launchers.run(launcher, run);

export const currentLauncher = (): Launcher | undefined => launchers.getStore();
