import { errorClasses, KuzzleError } from "../../../kernel/index.ts";
import { ParseError } from "../errors.ts";
import { NotificationObject, RealTimeResponseObject } from "./notification-objects.ts";
import { RequestObject } from "./request-object.ts";
import { ResponseObject } from "./response-object.ts";

type Constructor = abstract new (...args: never[]) => object;

/**
 * A class that plugins may also call without `new`, as constructors of their time are inherited from:
 * `function MyError (text) { BadRequestError.call(this, text); } util.inherits(MyError, BadRequestError);`
 */
function callable<C extends Constructor>(type: C): C {
  return new Proxy(type, {
    apply(target, self: object, args: never[]) {
      const made = Reflect.construct(target, args) as object;
      Object.defineProperties(self, Object.getOwnPropertyDescriptors(made));
    },
  });
}

/** The classes of errors, by name. Source: contract/plugins/v0.md section 8. */
export const formerErrors = Object.freeze(
  Object.fromEntries(
    Object.entries({ KuzzleError, ParseError, ...errorClasses }).map(([name, type]) => [name, callable(type)]),
  ),
);

/** Requests, answers and notifications. */
export const formerObjects = Object.freeze({
  NotificationObject: callable(NotificationObject),
  RealTimeResponseObject: callable(RealTimeResponseObject),
  RequestObject: callable(RequestObject),
  ResponseObject: callable(ResponseObject),
});
