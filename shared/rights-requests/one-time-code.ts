import { randomInt } from 'node:crypto';
import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { BatchStep, Document, DocumentContainer, Stored } from '../platform/cosmos/document-store.ts';
import type { RequestId } from '../platform/ids.ts';
import { keyedHash, sameSecret } from '../platform/keys/secrets.ts';

/** A code of six digits that is mailed, wanted back, and good once. */
interface CodeDocument extends Document {
  readonly id: `code:${CodePurpose}`;
  readonly type: 'one-time-code';
  /** A keyed hash bound to the case and the purpose; absent once the code has been used. */
  readonly hash?: string;
  readonly validUntil: string;
  readonly wrong: number;
  /** When codes were sent within the last 24 hours. */
  readonly sent: readonly string[];
  readonly expiresAt: string;
}

export type CodePurpose = 'confirmation' | 'package';

const VALID: Readonly<Record<CodePurpose, number>> = { confirmation: DAY, package: 15 * MINUTE };
/** Wrong codes that are answered as such; then only a new code helps. */
const MAX_WRONG = 5;
/** Codes in 24 hours: with five guesses each, a guesser's chance stays below one in twenty thousand. */
const MAX_SENT_A_DAY = 10;

export type CodeTried =
  /** The steps that use the code up: they go into the batch of what it allows. */
  { readonly outcome: 'right'; readonly use: readonly BatchStep[] } | { readonly outcome: 'wrong' | 'used-up' };

export type CodeIssued =
  | { readonly outcome: 'issued'; readonly code: string; readonly validUntil: string; readonly step: BatchStep }
  | { readonly outcome: 'too-many'; readonly retryAfterSeconds: number };

export function oneTimeCodes(container: DocumentContainer, key: Buffer) {
  const idOf = (purpose: CodePurpose) => `code:${purpose}` as const;
  const hashOf = (requestId: RequestId, purpose: CodePurpose, code: string) =>
    keyedHash(key, 'case-code', `${requestId}|${purpose}|${code}`);

  return {
    /** A new code, which makes every earlier one of its purpose worthless. The step stores it; the caller mails it in the same batch. */
    async issue(requestId: RequestId, purpose: CodePurpose, now: Date): Promise<CodeIssued> {
      const current = await container.read<CodeDocument>(requestId, idOf(purpose));
      const since = plus(now, -DAY).toISOString();
      const sent = (current?.sent ?? []).filter((at) => at > since && at <= now.toISOString());
      const [oldest] = sent;
      if (oldest !== undefined && sent.length >= MAX_SENT_A_DAY) {
        return {
          outcome: 'too-many',
          retryAfterSeconds: Math.ceil((Date.parse(oldest) + DAY - now.getTime()) / 1_000),
        };
      }
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const validUntil = plus(now, VALID[purpose]).toISOString();
      const document: CodeDocument = {
        id: idOf(purpose),
        type: 'one-time-code',
        hash: hashOf(requestId, purpose, code),
        validUntil,
        wrong: 0,
        sent: [...sent, now.toISOString()],
        expiresAt: plus(now, DAY).toISOString(),
      };
      const step: BatchStep = current ? { replace: document, etag: current._etag } : { create: document };
      return { outcome: 'issued', code, validUntil, step };
    },

    /**
     * Tries a code. A wrong one is counted by a conditional write before it is answered, so that of a hundred guesses at once five are answered
     * and the others learn only that the code is used up.
     */
    async attempt(requestId: RequestId, purpose: CodePurpose, code: string, now: Date): Promise<CodeTried> {
      for (;;) {
        const current = await container.read<CodeDocument>(requestId, idOf(purpose));
        if (!isUsable(current, now)) return { outcome: 'used-up' };
        const { _etag, hash, ...rest } = current;
        if (sameSecret(hash, hashOf(requestId, purpose, code)))
          return { outcome: 'right', use: [{ replace: rest, etag: _etag }] };
        const counted = await container.replace(requestId, { ...rest, hash, wrong: rest.wrong + 1 } as Document, _etag);
        if (counted.outcome === 'written') return { outcome: 'wrong' };
      }
    },
  };

  function isUsable(
    code: Stored<CodeDocument> | undefined,
    now: Date,
  ): code is Stored<CodeDocument> & { readonly hash: string } {
    return code?.hash !== undefined && code.wrong < MAX_WRONG && now.toISOString() <= code.validUntil;
  }
}

export type OneTimeCodes = ReturnType<typeof oneTimeCodes>;
