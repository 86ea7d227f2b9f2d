import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret as its holder knows it. Never stored, never logged. */
export type PlainSecret = string & { readonly plainSecret: unique symbol };

/** What the store keeps of a secret: enough to recognise it, not to use it. */
export type HashedSecret = string & { readonly hashedSecret: unique symbol };

/** 256 random bits in base64url. */
export function newSecret(): PlainSecret {
  return randomBytes(32).toString('base64url') as PlainSecret;
}

/**
 * SHA-256 of a secret of at least 128 random bits. A slow hash would add nothing: there is nothing to guess
 * (passwords go through Argon2id instead).
 */
export function hashSecret(secret: PlainSecret): HashedSecret {
  return createHash('sha256').update(secret).digest('base64url') as HashedSecret;
}

/** Equality that takes the same time wherever the first difference is. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * A keyed pseudonym (HMAC-SHA-256) of a value that could be guessed, such as an e-mail or a network address:
 * without the key nobody can tell which value it stands for. `purpose` keeps two uses of one value apart.
 */
export function keyedHash(key: Buffer, purpose: string, value: string): string {
  return createHmac('sha256', importedKey(key)).update(`${purpose}\u0000${value}`).digest('base64url');
}

const imported = new WeakMap<Buffer, KeyObject>();

/** The key in the form that OpenSSL works with, made once: making it anew for each hash takes six times as long as the hash. */
function importedKey(key: Buffer): KeyObject {
  const found = imported.get(key) ?? createSecretKey(key);
  imported.set(key, found);
  return found;
}
