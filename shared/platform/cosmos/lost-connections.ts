import type { PluginConfig } from '@azure/cosmos';

/** The connection broke before the whole answer was there: whether the request was carried out is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_LOST';
}

/** How the SDK's HTTP client tells of it: the connection was cut before the answer, or in the middle of it. */
const CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'PARSE_ERROR']);

/**
 * Tells of a lost connection by one error of ours. Left to itself the SDK (4.10.1) waits a whole second before it sends a read again, ten times over,
 * and does not recognise an answer that was cut in the middle as lost. The document store sends again sooner, and knows what a write needs.
 */
export const lostConnections: PluginConfig = {
  on: 'request',
  plugin: async (request, _diagnostics, next) => {
    try {
      return await next(request);
    } catch (error) {
      if (!CODES.has((error as { code?: unknown } | null)?.code)) throw error;
      throw new ConnectionLost('the connection to the database was lost', { cause: error });
    }
  },
};
