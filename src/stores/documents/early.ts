/** What is wanted before this room is loaded: it leads to no other module of it. */
export { dropPreparedThreads, prepareThreads } from "./embedded/threads/prepared-threads.ts";
