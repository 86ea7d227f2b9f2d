import { Problem } from '../../shared/platform/http/problem.ts';
import type { Denied } from '../../shared/sessions/index.ts';

/** The problem of a proof that was not given or not right. */
export function denied(outcome: Denied): Problem {
  if (outcome.outcome === 'wait')
    return new Problem('too-many-requests', { retryAfterSeconds: outcome.retryAfterSeconds });
  return new Problem(outcome.outcome === 'otp-required' ? 'mfa-required' : 'unauthenticated');
}
