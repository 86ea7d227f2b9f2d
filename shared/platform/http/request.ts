import type { HttpRequest } from '@azure/functions';
import { Problem } from './problem.ts';

/** JSON bodies are refused above this size (API conventions). */
export const MAX_JSON_BYTES = 64 * 1024;

/** Reads a JSON body. Throws `unsupported-media-type`, `payload-too-large` or `invalid-request`. No body reads as `{}`. */
export async function readJsonBody(request: HttpRequest): Promise<unknown> {
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (Number(request.headers.get('content-length') ?? 0) > MAX_JSON_BYTES) throw new Problem('payload-too-large');
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > MAX_JSON_BYTES) throw new Problem('payload-too-large');
  if (bytes.length === 0 && mediaType === undefined) return {};
  if (mediaType !== 'application/json') throw new Problem('unsupported-media-type');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('invalid-request', {
      detail: { fr: 'Le corps n’est pas du JSON valable en UTF-8.', en: 'The body is not valid JSON in UTF-8.' },
    });
  }
}

/**
 * The path parameters, read from the URL itself: what the host passes as `params` can be overwritten by query or body keys in some of
 * its modes.
 */
export function routeParameters(template: string, url: string): Record<string, string> {
  const names = template.split('/');
  const values = new URL(url).pathname.split('/');
  const parameters: Record<string, string> = {};
  names.forEach((name, index) => {
    if (name.startsWith('{')) parameters[name.slice(1, -1)] = decode(values[index] ?? '');
  });
  return parameters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Problem('not-found');
  }
}

/**
 * The address of the client: the last entry of `X-Forwarded-For`, which Azure's front end appends. Entries before it are the client's own
 * claim and prove nothing.
 */
export function sourceOf(request: HttpRequest): string {
  const last = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return last.replace(/^\[([\da-f:.]+)\](?::\d+)?$/i, '$1').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1') || 'unknown';
}

/** Reads single cookies by name; a cookie that was sent twice is ambiguous and reads as absent. */
export function cookieReader(request: HttpRequest): (name: string) => string | undefined {
  const header = request.headers.get('cookie');
  return (name) => {
    const found =
      header
        ?.split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`)) ?? [];
    if (found.length !== 1) return undefined;
    try {
      return decodeURIComponent(found[0]?.slice(name.length + 1) ?? '');
    } catch {
      return undefined;
    }
  };
}
