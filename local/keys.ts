import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { oneLine, StartFailure } from './start-failure.ts';

const base64 = (bytes: number) =>
  z.string().refine((text) => Buffer.from(text, 'base64').length === bytes, `not ${bytes} bytes in base64`);

const signingKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
});

const staffIdentityKey = z.looseObject({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  kid: z.string(),
});

const keysSchema = z.object({
  /** Private JWKs that sign access tokens (ES256), newest first. */
  signingKeys: z.array(signingKey).min(1),
  /** Keys the pseudonyms of e-mail addresses: 32 bytes, base64. */
  loginKey: base64(32),
  /** Encrypts what the application seals itself: 32 bytes, base64. */
  dataKey: base64(32),
  /** The master key of the database stand-in: 64 bytes, base64. */
  cosmosKey: base64(64),
  /** The account key of the blob stand-in: 64 bytes, base64. */
  blobKey: base64(64),
  /** The private JWK (RS256) of the staff identity stand-in. */
  staffIdentityKey,
});

/** The secrets of one data folder; in Azure they come from Key Vault and the identity provider. */
export type LocalKeys = z.infer<typeof keysSchema>;

/**
 * Reads the keys of a data folder, and creates them on the first start (mode 0600).
 *
 * @throws StartFailure when the file is there but cannot be read: new keys would make the stored data unreadable.
 */
export function readOrCreateKeys(file: string): LocalKeys {
  if (existsSync(file)) return readKeys(file);
  const keys = createKeys();
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(keys, undefined, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new StartFailure(`The keys cannot be written: ${oneLine(error)}`);
  }
  return keys;
}

function readKeys(file: string): LocalKeys {
  const advice = 'restore it, or remove the data folder to start afresh.';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The parser's own message would quote the file, which holds secrets.
    throw new StartFailure(`The keys in ${file} are not readable JSON: ${advice}`);
  }
  const parsed = keysSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join('.') || '(top)').join(', ');
  throw new StartFailure(`The keys in ${file} are damaged (${places}): ${advice}`);
}

function createKeys(): LocalKeys {
  const signing = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const staff = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return keysSchema.parse({
    signingKeys: [{ ...signing, kid: newKeyId(), alg: 'ES256', use: 'sig' }],
    loginKey: randomBytes(32).toString('base64'),
    dataKey: randomBytes(32).toString('base64'),
    cosmosKey: randomBytes(64).toString('base64'),
    blobKey: randomBytes(64).toString('base64'),
    staffIdentityKey: { ...staff, kid: newKeyId(), alg: 'RS256', use: 'sig' },
  });
}

function newKeyId(): string {
  return randomBytes(9).toString('base64url');
}
