import { createHash, randomInt } from 'node:crypto';
import { sameSecret } from '../platform/keys/secrets.ts';

/** Seconds that a code stands for (RFC 6238). */
const PERIOD = 30;
/** Codes of one period before and after are taken too: clocks drift. */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** No letter or digit that can be taken for another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

export interface Enrolment {
  /** Base32, for typing by hand. */
  readonly secret: string;
  /** For a QR code. */
  readonly otpauthUrl: string;
}

async function totp(secret: string, issuer?: string, label?: string) {
  const { TOTP, Secret } = await import('otpauth');
  return new TOTP({
    secret: Secret.fromBase32(secret),
    digits: 6,
    period: PERIOD,
    ...(issuer ? { issuer } : {}),
    ...(label ? { label } : {}),
  });
}

/** A fresh TOTP secret of 160 bits (RFC 4226 §4). */
export async function enrol(issuer: string, label: string): Promise<Enrolment> {
  const { Secret } = await import('otpauth');
  const secret = new Secret({ size: 20 }).base32;
  return { secret, otpauthUrl: (await totp(secret, issuer, label)).toString() };
}

/**
 * The time step that a code stands for, or nothing when it is wrong or not newer than `lastStep`: no code is accepted twice
 * (RFC 6238 §5.2).
 */
export async function acceptedStep(
  secret: string,
  code: string,
  lastStep: number,
  now: Date,
): Promise<number | undefined> {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = (await totp(secret)).validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / 1000 / PERIOD) + delta;
  return step > lastStep ? step : undefined;
}

/** Ten single-use codes of 50 bits for the day the phone is lost, as `abcde-fghjk`. */
export function newRecoveryCodes(): readonly string[] {
  const part = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: RECOVERY_CODES }, () => `${part()}-${part()}`);
}

export function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(code.trim().toLowerCase()).digest('base64url');
}

/** The hashes that are left once `code` is used, or nothing when it is not among them. */
export function withoutRecoveryCode(hashes: readonly string[], code: string): readonly string[] | undefined {
  const used = hashRecoveryCode(code);
  const left = hashes.filter((hash) => !sameSecret(hash, used));
  return left.length < hashes.length ? left : undefined;
}
