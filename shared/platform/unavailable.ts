/**
 * A service that the product leans on (database, storage, identity provider) did not answer, or refused for load, after every retry. It
 * leaves as a 503 with `Retry-After`: the caller may try again later.
 */
export class ServiceUnavailable extends Error {
  override readonly name: string = 'ServiceUnavailable';
}
