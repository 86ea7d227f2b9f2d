/** What the service answers: a status, and where it has one a body. Errors are `{code, message}`. */
export interface CosmosAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Request units; see docs of the service for what an operation costs. */
  readonly charge?: number;
}

export class CosmosError extends Error {
  override readonly name = 'CosmosError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  429: 'TooManyRequests',
  449: 'RetryWith',
  503: 'ServiceUnavailable',
};

export function errorAnswer({ status, message }: CosmosError): CosmosAnswer {
  return { status, body: { code: CODES[status] ?? 'InternalServerError', message } };
}
