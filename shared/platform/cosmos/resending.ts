import { ServiceUnavailable } from '../unavailable.ts';

/** The store did not answer, or refused for load, after every retry. The caller may try again later. */
export class StoreUnavailable extends ServiceUnavailable {
  override readonly name = 'StoreUnavailable';
}

const TRIES = 6;
const FIRST_PAUSE_MS = 20;
/** Statuses and socket errors after which the same request is sent again; the SDK itself retries only 429 and reads on 503. */
const TRANSIENT_STATUS = new Set([408, 429, 449, 500, 502, 503, 504]);
/** Refused before anything was done: of these no answer is lost. */
const REFUSED_STATUS = new Set([429, 449]);
const TRANSIENT_CODE = new Set([
  'CONNECTION_LOST',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'REQUEST_SEND_ERROR',
  'TimeoutError',
]);

/** The SDK's own fault: for batches it comes wrapped in a plain `Error`, as its cause. */
function sdkFault(error: unknown): { readonly code?: unknown; readonly name?: unknown } {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return code === undefined && cause !== undefined
    ? sdkFault(cause)
    : ((error ?? {}) as { code?: unknown; name?: unknown });
}

/** The HTTP status of a fault, if it has one. */
export function statusOf(error: unknown): number | undefined {
  const { code } = sdkFault(error);
  return typeof code === 'number' ? code : undefined;
}

/** Whether the same request is sent again. */
function isTransient(error: unknown): boolean {
  const { code, name } = sdkFault(error);
  return typeof code === 'number'
    ? TRANSIENT_STATUS.has(code)
    : TRANSIENT_CODE.has(String(code)) || TRANSIENT_CODE.has(String(name));
}

/** Sends again what met a passing fault. `onLostAnswer` is told when the request may have been carried out although no answer says so. */
export async function persistently<R extends object>(attempt: () => Promise<R>, onLostAnswer?: () => void): Promise<R> {
  for (let tried = 1; ; tried += 1) {
    let status: unknown;
    try {
      const answer = await attempt();
      status = (answer as { code?: unknown }).code;
      if (typeof status !== 'number' || !TRANSIENT_STATUS.has(status)) return answer;
      if (tried === TRIES) throw new StoreUnavailable(`status ${status}`);
    } catch (error) {
      if (error instanceof StoreUnavailable || !isTransient(error)) throw error;
      if (tried === TRIES) throw new StoreUnavailable('the store did not answer', { cause: error });
      status = statusOf(error);
    }
    if (!REFUSED_STATUS.has(status as number)) onLostAnswer?.();
    await new Promise((resume) => setTimeout(resume, FIRST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + Math.random())));
  }
}
