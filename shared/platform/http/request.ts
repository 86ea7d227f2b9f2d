import type { HttpRequest } from '@azure/functions';
import { Problem } from './problem.ts';
import type { Upload, UploadRule } from './upload.ts';

/** JSON bodies are refused above this size (API conventions). */
export const MAX_JSON_BYTES = 64 * 1024;

/** The body within `maxBytes`. Throws `payload-too-large`; a declared length is enough to refuse. */
async function readBytes(request: HttpRequest, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new Problem('payload-too-large');
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > maxBytes) throw new Problem('payload-too-large');
  return bytes;
}

function mediaTypeOf(request: HttpRequest): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
}

/**
 * Reads a JSON body. Throws `unsupported-media-type`, `payload-too-large` or `invalid-request`. No body reads as `{}`. With `plainTextToo`
 * JSON that calls itself `text/plain` is taken as well.
 */
export async function readJsonBody(request: HttpRequest, plainTextToo = false): Promise<unknown> {
  const mediaType = mediaTypeOf(request);
  const bytes = await readBytes(request, MAX_JSON_BYTES);
  if (bytes.length === 0 && mediaType === undefined) return {};
  if (mediaType !== 'application/json' && !(plainTextToo && mediaType === 'text/plain')) {
    throw new Problem('unsupported-media-type');
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('invalid-request', {
      detail: { fr: 'Le corps n’est pas du JSON valable en UTF-8.', en: 'The body is not valid JSON in UTF-8.' },
    });
  }
}

/** Reads a raw file. Throws `unsupported-media-type`, `payload-too-large`, or `invalid-request` when there is nothing in it. */
export async function readUpload(request: HttpRequest, { mediaTypes, maxBytes }: UploadRule): Promise<Upload> {
  const mediaType = mediaTypeOf(request) ?? '';
  if (!mediaTypes.includes(mediaType)) throw new Problem('unsupported-media-type');
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) throw new Problem('invalid-request');
  return { mediaType, bytes };
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
