import { randomUUID } from 'node:crypto';

/** A PHC string: algorithm, parameters, salt and hash together (RFC 9106). */
export type PasswordHash = string & { readonly passwordHash: unique symbol };

/** Argon2id, 46 MiB, one pass, one lane (OWASP ASVS 5.0; RFC 9106). Raised here, raised for everybody at the next sign-in. */
const PARAMETERS = { memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

/** What a sign-in with an unknown e-mail is held against, so that it costs as much as any other. */
let decoy: Promise<string> | undefined;

/** The native module is loaded at the first password, not at every cold start. */
const argon2 = () => import('@node-rs/argon2');

export async function hashPassword(password: string): Promise<PasswordHash> {
  const { hash } = await argon2();
  return (await hash(normalised(password), PARAMETERS)) as PasswordHash;
}

/** Whether the password is right. Without a hash (no such account) it does the same work and says no. */
export async function passwordMatches(stored: PasswordHash | undefined, password: string): Promise<boolean> {
  const { hash, verify } = await argon2();
  decoy ??= hash(randomUUID(), PARAMETERS);
  const matches = await verify(stored ?? (await decoy), normalised(password));
  return stored !== undefined && matches;
}

/** Whether the hash was made with weaker parameters than today's. */
export function isOutdated(stored: PasswordHash): boolean {
  return !stored.startsWith(
    `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`,
  );
}

/** Two keyboards may send the same characters in different forms; NIST SP 800-63B §5.1.1.2 wants them equal. */
function normalised(password: string): string {
  return password.normalize('NFKC');
}
