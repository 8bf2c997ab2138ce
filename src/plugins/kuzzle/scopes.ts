/** Who may reach an index. */
export const storeScopeEnum = Object.freeze({ PUBLIC: "public", PRIVATE: "private" } as const);

/** Which part of the shared memory a repository caches in. */
export const cacheDbEnum = Object.freeze({ INTERNAL: "internal", NONE: "none", PUBLIC: "public" } as const);
