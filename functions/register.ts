import { app, type HttpMethod } from '@azure/functions';
import type { Catalogue } from './catalogue.ts';
import type { Product } from './product.ts';

/**
 * Registers every function of the catalogue with `@azure/functions`. The product itself is asked for at the first call: `open` has to give the same
 * one each time.
 */
export function registerFunctions({ endpoints, timers }: Catalogue, open: () => Promise<Product>): void {
  for (const { name, group, method, path } of endpoints) {
    app.http(name, {
      // What can be read can be asked for without its body (RFC 9110 §9.3.2); the server leaves the body out.
      methods: method === 'GET' ? ['GET', 'HEAD'] : [method as HttpMethod],
      route: path.slice(1),
      authLevel: 'anonymous',
      handler: async (request, context) => (await (await open()).handlerOf(group, name))(request, context),
    });
  }
  // The names sort last: the host tries routes in the order of function names.
  app.http('zz-not-found', {
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    route: '{*path}',
    authLevel: 'anonymous',
    handler: async (request, context) => (await open()).unknownPath(request, context),
  });
  app.http('zz-preflight', {
    methods: ['OPTIONS'],
    route: '{*path}',
    authLevel: 'anonymous',
    handler: async (request, context) => (await open()).preflight(request, context),
  });
  for (const { name, schedule } of timers)
    app.timer(name, { schedule, handler: async () => (await open()).runTimer(name) });
}
