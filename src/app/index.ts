/** The composition root: one server of all rooms, and the framework class around it. */
export { Backend, type BackendOptions } from "./backend.ts";
