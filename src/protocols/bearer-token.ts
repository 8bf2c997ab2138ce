/** The token of an `Authorization` header. The scheme in any case; other schemes are not for us. */
export function bearerToken(authorization: string): string | undefined {
  if (authorization.slice(0, 6).toLowerCase() !== "bearer") return undefined;
  if (authorization.length === 6) return "";
  return authorization[6] === " " ? authorization.slice(7).trim() : undefined;
}
