import { errorText, type RegisteredFunction } from './function-app.ts';
import { parseRequestPath } from './request-path.ts';
import { parseRouteTemplate, type RouteTemplate, type RouteValues } from './route-template.ts';

/** An HTTP function with the route that it answers. */
export interface HttpRoute {
  readonly fn: RegisteredFunction;
  readonly template: RouteTemplate;
  readonly methods: readonly string[];
  readonly anonymous: boolean;
}

export interface RouteTable {
  readonly routes: readonly HttpRoute[];
  /** The first route, by function name, that takes this method and path. */
  find(method: string, path: string): { readonly route: HttpRoute; readonly values: RouteValues } | undefined;
}

/** Route beginnings that the real host keeps for itself; the prefix of host.json does not help. */
const RESERVED = ['admin', 'runtime'];

/**
 * Compiles the routes of the HTTP functions.
 *
 * Routes are tried in the order of function names, case put aside: the real host knows no precedence of literals over
 * parameters, so that a catch-all shadows every later function.
 *
 * @throws Error that names the function whose route is malformed or reserved.
 */
export function createRouteTable(functions: Iterable<RegisteredFunction>, prefix: string): RouteTable {
  const routes = [...functions]
    .filter((fn) => fn.trigger === 'http')
    .sort((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()))
    .map((fn) => compileRoute(fn, prefix));

  // Routes that fit a method and a number of segments, found once and kept in order.
  const candidates = new Map<string, Map<number, readonly HttpRoute[]>>();
  for (const route of routes) for (const method of route.methods) candidates.set(method, new Map());
  const longest = Math.max(
    0,
    ...routes.map(({ template }) => (template.most === Infinity ? template.least : template.most)),
  );

  return {
    routes,
    find(method, path) {
      const bySegments = candidates.get(method);
      if (bySegments === undefined) return undefined;
      const requestPath = parseRequestPath(path);
      // Beyond the longest fixed route only catch-alls fit: one list serves all those lengths.
      const count = Math.min(requestPath.segments.length, longest + 1);
      let fitting = bySegments.get(count);
      if (fitting === undefined) {
        fitting = routes.filter(
          ({ methods, template }) => methods.includes(method) && template.least <= count && count <= template.most,
        );
        bySegments.set(count, fitting);
      }
      for (const route of fitting) {
        const values = route.template.match(requestPath);
        if (values !== undefined) return { route, values };
      }
      return undefined;
    },
  };
}

function compileRoute(fn: RegisteredFunction, prefix: string): HttpRoute {
  const { route, methods, authLevel } = fn.binding;
  const text = typeof route === 'string' && route !== '' ? route : fn.name;
  const own = text.replace(/^\/+|\/+$/g, '');
  if (RESERVED.some((word) => own.toLowerCase().startsWith(word))) {
    throw new Error(
      `The route '${text}' of function '${fn.name}' is refused: the Functions host keeps routes that begin with ` +
        `${RESERVED.map((word) => `'${word}'`).join(' or ')} for itself.`,
    );
  }
  try {
    return {
      fn,
      template: parseRouteTemplate(`${prefix}/${own}`),
      methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [],
      anonymous: String(authLevel).toLowerCase() === 'anonymous',
    };
  } catch (error) {
    throw new Error(`Function '${fn.name}' cannot be routed: ${errorText(error)}`);
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
