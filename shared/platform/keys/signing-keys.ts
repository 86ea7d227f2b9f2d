import type { CryptoKey } from 'jose';
import type { SigningJwk } from '../config.ts';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: 'ES256' | 'EdDSA';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

const algorithmOf = (jwk: SigningJwk) => (jwk.crv === 'P-256' ? 'ES256' : 'EdDSA');

/** Imports the signing keys, newest first. While two overlap, tokens of both are good, and nobody is signed out by a rotation. */
export async function importSigningKeys(jwks: readonly SigningJwk[]): Promise<readonly SigningKey[]> {
  const { importJWK } = await import('jose');
  return Promise.all(
    jwks.map(async (jwk) => {
      const algorithm = algorithmOf(jwk);
      const [privateKey, publicKey] = await Promise.all([
        importJWK(jwk, algorithm),
        importJWK(publicJwk(jwk), algorithm),
      ]);
      return { kid: jwk.kid, algorithm, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey };
    }),
  );
}

/** The public half, as the JWKS shows it (RFC 7517). */
export function publicJwk(jwk: SigningJwk) {
  const { kid, kty, crv, x } = jwk;
  return { kid, kty, crv, x, ...(kty === 'EC' ? { y: String(jwk.y) } : {}), use: 'sig', alg: algorithmOf(jwk) };
}
