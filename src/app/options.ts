import { bytes, type Config, durationMs } from "../config/index.ts";
import type { HttpOptions, WebSocketOptions } from "../protocols/index.ts";
import type { LoginGuardOptions, SecurityOptions } from "../security/index.ts";
import type { Mappings, Settings } from "../stores/documents/index.ts";

/** The slices of the configuration that rooms take, each in the room's own words. */

export function httpOptions(config: Config): HttpOptions {
  const { http } = config.server.protocols;
  return {
    maxRequestSizeBytes: bytes(config.server.maxRequestSize),
    maxFormFileSizeBytes: bytes(http?.maxFormFileSize ?? "1MB"),
    maxEncodingLayers: http?.maxEncodingLayers ?? 3,
    additionalContentTypes: http?.additionalContentTypes ?? [],
    allowCompression: http?.allowCompression ?? true,
    cookieAuthentication: config.http.cookieAuthentication,
    cors: {
      allowsAllOrigins: config.internal.allowAllOrigins,
      allowMethods: config.http.accessControlAllowMethods,
      allowHeaders: config.http.accessControlAllowHeaders,
    },
  };
}

export function webSocketOptions(config: Config): WebSocketOptions {
  const { websocket } = config.server.protocols;
  return {
    maxRequestSizeBytes: bytes(config.server.maxRequestSize),
    idleTimeoutMs: websocket?.idleTimeout ?? 60_000,
    sendsPings: websocket?.sendPingsAutomatically ?? false,
    sendingCountsAsActivity: websocket?.resetIdleTimeoutOnSend ?? false,
    compression: websocket?.compression ?? false,
    rateLimit: websocket?.rateLimit ?? 0,
  };
}

export function securityOptions(config: Config): SecurityOptions {
  const { security, limits, services, tenon } = config;
  const { authToken } = security;
  const storage = services.storageEngine;
  return {
    restrictedProfileIds: security.restrictedProfileIds,
    authToken: {
      algorithm: authToken.algorithm as SecurityOptions["authToken"]["algorithm"],
      expiresIn: authToken.expiresIn,
      gracePeriodMs: authToken.gracePeriod,
      maxTtlMs: authToken.maxTTL,
      secret:
        typeof authToken.secret === "string" || authToken.secret === null
          ? authToken.secret
          : Buffer.from(authToken.secret).toString("hex"),
      formerSecrets: tenon.security.formerTokenSecrets,
    },
    apiKey: { maxTtlMs: security.apiKey.maxTTL },
    standard: security.standard as unknown as SecurityOptions["standard"], // checked when the roles are written
    cookieAuthentication: config.http.cookieAuthentication,
    secureCookies: tenon.security.secureCookies,
    failsafeMode: config.plugins.common.failsafeMode,
    openUntilAdmin: tenon.security.openUntilAdmin,
    loginTimeoutMs: tenon.login.timeout,
    loginsPerSecond: limits.loginsPerSecond,
    loginsPerSecondPerAddress: tenon.login.perSecondPerAddress,
    documentsFetchCount: limits.documentsFetchCount,
    documentsWriteCount: limits.documentsWriteCount,
    scrollTtl: storage.defaults.scrollTTL,
    maxScrollTtl: storage.maxScrollDuration,
    audit: {
      enabled: tenon.audit.enabled,
      maxAgeMs: durationMs(tenon.audit.maxAge),
      maxEntries: tenon.audit.maxEntries,
      refusalsPerMinute: tenon.audit.refusalsPerMinute,
    },
    linkedProtocols: config.internal.notifiableProtocols,
    internalIndex: {
      name: storage.internalIndex.name,
      collections: storage.internalIndex.collections as unknown as Readonly<
        Record<string, { readonly mappings?: Mappings; readonly settings?: Settings }>
      >, // a free section: the engine judges mappings
    },
  };
}

export function loginGuardOptions({ tenon }: Config): LoginGuardOptions {
  const { firstWait, maxWait, forgetAfter, perSecondPerAddress: _ofAllStrategies, ...counts } = tenon.login;
  return { ...counts, firstWaitMs: firstWait, maxWaitMs: maxWait, forgetAfterMs: forgetAfter };
}

/** Whether an `Origin` header is accepted: one of the list, anything for `*`, or what a regular expression finds. */
export function originTest({ http, internal }: Config): (origin: string) => boolean {
  if (internal.allowAllOrigins) return () => true;
  const texts = new Set(http.accessControlAllowOrigin.filter((one) => typeof one === "string"));
  const expressions = http.accessControlAllowOrigin.filter((one) => one instanceof RegExp);
  return (origin) => texts.has(origin) || expressions.some((expression) => expression.test(origin));
}
