import {
  didYouMean,
  type ErrorClassName,
  errorClasses,
  errorFrom,
  isPlainObject,
  KuzzleError,
  kerror,
  PluginImplementationError,
} from "../../kernel/index.ts";

/** `%s` in the message are filled in order. `status` counts for the class `KuzzleError` only; 500 unless it is given. */
export interface CustomErrorDefinition {
  readonly class: ErrorClassName | "KuzzleError";
  readonly message: string;
  readonly description?: string;
  readonly status?: number;
}

/** The errors of one subdomain. */
export interface WrappedErrors {
  get(name: string, ...placeholders: readonly unknown[]): KuzzleError;
  getFrom(source: Error, name: string, ...placeholders: readonly unknown[]): KuzzleError;
  reject(name: string, ...placeholders: readonly unknown[]): Promise<never>;
}

interface Numbered {
  readonly code: number;
  readonly definition: CustomErrorDefinition;
}

interface SubDomain {
  readonly code: number;
  readonly errors: Map<string, Numbered>;
}

const validName = /^[\w-]{1,128}$/;

/**
 * `app.errors`: the application's own errors, `<domain>.<subDomain>.<name>`. Domains, subdomains and errors are numbered from 0 in the order of
 * their registration; the code holds all three: eight, eight and sixteen bits.
 */
export class BackendErrors {
  readonly #domains = new Map<string, { readonly code: number; readonly subDomains: Map<string, SubDomain> }>();

  /** Errors: `validation.assert.invalid_type` (412) for a definition that is none; an error that is registered already. */
  register(domain: string, subDomain: string, name: string, definition: CustomErrorDefinition): void {
    for (const [what, text] of Object.entries({ domain, subDomain, name })) {
      if (typeof text !== "string" || !validName.test(text)) {
        throw kerror("validation.assert.invalid_type", what, 'a name of letters, digits, "_" and "-"');
      }
    }
    checkDefinition(definition);
    const id = `${domain}.${subDomain}.${name}`;
    const { errors, code } = this.#subDomain(domain, subDomain);
    if (errors.has(name)) throw new PluginImplementationError(`The error "${id}" is registered already.`);
    errors.set(name, { code: code | errors.size, definition });
  }

  #subDomain(domain: string, subDomain: string): SubDomain {
    const known = this.#domains.get(domain) ?? { code: this.#domains.size << 24, subDomains: new Map() };
    this.#domains.set(domain, known);
    const sub = known.subDomains.get(subDomain) ?? {
      code: known.code | (known.subDomains.size << 16),
      errors: new Map<string, Numbered>(),
    };
    known.subDomains.set(subDomain, sub);
    return sub;
  }

  /** An error that is not registered is answered as such, with the nearest known name. */
  get(domain: string, subDomain: string, name: string, ...placeholders: readonly unknown[]): KuzzleError {
    return this.#make(undefined, domain, subDomain, name, placeholders);
  }

  /** As `get`, keeping what caused it for the log. */
  getFrom(
    source: Error,
    domain: string,
    subDomain: string,
    name: string,
    ...placeholders: readonly unknown[]
  ): KuzzleError {
    return this.#make(source, domain, subDomain, name, placeholders);
  }

  wrap(domain: string, subDomain: string): WrappedErrors {
    const make = (source: unknown, name: string, placeholders: readonly unknown[]): KuzzleError =>
      this.#make(source, domain, subDomain, name, placeholders);
    return {
      get: (name, ...placeholders) => make(undefined, name, placeholders),
      getFrom: (source, name, ...placeholders) => make(source, name, placeholders),
      reject: (name, ...placeholders) => Promise.reject(make(undefined, name, placeholders)),
    };
  }

  #make(
    source: unknown,
    domain: string,
    subDomain: string,
    name: string,
    placeholders: readonly unknown[],
  ): KuzzleError {
    const id = `${domain}.${subDomain}.${name}`;
    const found = this.#domains.get(domain)?.subDomains.get(subDomain)?.errors.get(name);
    if (found === undefined) {
      return new PluginImplementationError(`No error "${id}" is registered.${didYouMean(id, this.#ids())}`);
    }
    const { code, definition } = found;
    const { class: className, message, status = 500 } = definition;
    if (className !== "KuzzleError") return errorFrom(id, { class: className, message, code }, placeholders, source);
    const filled = errorFrom(id, { class: "InternalError", message, code }, placeholders, source);
    const error = new KuzzleError(filled.message, status, id, code, { cause: filled.cause });
    error.props = filled.props;
    return error;
  }

  #ids(): string[] {
    return [...this.#domains].flatMap(([domain, { subDomains }]) =>
      [...subDomains].flatMap(([subDomain, { errors }]) =>
        [...errors.keys()].map((name) => `${domain}.${subDomain}.${name}`),
      ),
    );
  }
}

function checkDefinition(definition: unknown): void {
  const invalid = (member: string, expected: string): Error =>
    kerror("validation.assert.invalid_type", member, expected);
  if (!isPlainObject(definition)) throw invalid("definition", "an object");
  const { class: className, message, status } = definition;
  if (className !== "KuzzleError" && !(typeof className === "string" && Object.hasOwn(errorClasses, className))) {
    throw invalid("definition.class", `one of KuzzleError, ${Object.keys(errorClasses).join(", ")}`);
  }
  if (typeof message !== "string") throw invalid("definition.message", "a text");
  if (status !== undefined && !(Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600)) {
    throw invalid("definition.status", "an HTTP status");
  }
}
