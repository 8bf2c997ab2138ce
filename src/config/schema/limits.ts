import { integer, section } from "./option.ts";

export const limits = section("What one client or one node may ask for.", {
  concurrentRequests: integer(100, "Requests executed at once on a node; less than requestsBufferSize.", 1),
  documentsFetchCount: integer(10_000, "Documents that one request may read.", 1),
  documentsWriteCount: integer(200, "Documents that one request may write.", 1),
  loginsPerSecond: integer(1, "Calls of auth:login per second and connection.", 1),
  requestsBufferSize: integer(50_000, "Requests that may wait; further ones are refused.", 1),
  requestsBufferWarningThreshold: integer(5_000, "Waiting requests from which on core:overload is emitted.", 1),
  subscriptionConditionsCount: integer(100, "Conditions in one subscription filter.", 1),
  subscriptionMinterms: integer(0, "Read for compatibility, without effect."),
  subscriptionRooms: integer(1_000_000, "Rooms on a node; 0 for no limit."),
  subscriptionDocumentTTL: {
    ...integer(259_200_000, "How long the rooms that a document matches are remembered; 0 for ever."),
    unit: "ms",
  },
});
