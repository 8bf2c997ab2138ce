/** What the HTTP protocol takes from the configuration. Sizes in bytes. */
export interface HttpOptions {
  /** `server.maxRequestSize`: of the body, as sent and after decompression. */
  readonly maxRequestSizeBytes: number;
  /** `server.protocols.http.maxFormFileSize`: of each part of a form. */
  readonly maxFormFileSizeBytes: number;
  /** `server.protocols.http.maxEncodingLayers`. */
  readonly maxEncodingLayers: number;
  /** `server.protocols.http.additionalContentTypes`: accepted beside the known ones; a parsing pipe turns them into JSON. */
  readonly additionalContentTypes: readonly string[];
  /** `server.protocols.http.allowCompression`: of request bodies. */
  readonly allowCompression: boolean;
  /** `http.cookieAuthentication`. */
  readonly cookieAuthentication: boolean;
  readonly cors: CorsOptions;
}

export interface CorsOptions {
  /** `http.accessControlAllowOrigin` is `*`. */
  readonly allowsAllOrigins: boolean;
  /** `http.accessControlAllowMethods`, a header value. */
  readonly allowMethods: string;
  /** `http.accessControlAllowHeaders`, a header value. */
  readonly allowHeaders: string;
}
