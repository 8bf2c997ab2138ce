/** Rooms, subscriptions and notifications. */
export type { Delivery } from "./dispatcher.ts";
export { Following, type FollowingDeps } from "./following.ts";
export type { Content } from "./notifications.ts";
export { parseOptions, type SubscriptionOptions } from "./options.ts";
export {
  Realtime,
  type RealtimeDeps,
  type RealtimeLimits,
  type Subscriber,
  type SubscriptionResult,
} from "./realtime.ts";
export type { Receiver, ReceivingRule } from "./receiver.ts";
