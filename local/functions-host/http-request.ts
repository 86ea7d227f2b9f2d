import type { IncomingMessage } from 'node:http';
import type { HttpData, NullableString } from './core-types.ts';
import type { RouteValues } from './route-template.ts';

/** The largest request body, as on the real host: 100 MB. */
export const MAX_REQUEST_BODY_BYTES = 104_857_600;

/**
 * Reads a whole body; `undefined` once it exceeds `limit`, the rest of it unread.
 *
 * @throws Error when the client goes away before the end.
 */
export async function readBody(request: IncomingMessage, limit = MAX_REQUEST_BODY_BYTES): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > limit) return undefined;
    chunks.push(chunk as Buffer);
  }
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, size);
}

/** The request as the host hands it to the library. */
export function toHttpData(
  request: IncomingMessage,
  host: string,
  values: RouteValues,
  body: Buffer | undefined,
): HttpData {
  const target = request.url ?? '/';
  const queryStart = target.indexOf('?');
  const headers = requestHeaders(request);
  const scheme = headers['x-forwarded-proto']?.value === 'https' ? 'https' : 'http';
  const data: HttpData = {
    url: `${scheme}://${host}${target}`,
    method: request.method ?? 'GET',
    nullableHeaders: headers,
    nullableQuery: queryStart < 0 ? {} : parseQuery(target.slice(queryStart + 1)),
    nullableParams: nullable(Object.entries(values)),
  };
  return body === undefined ? data : { ...data, body: { bytes: body } };
}

/** Lower-cased names; a header sent several times is joined with `,`; `X-Forwarded-For` gains the peer, `ip:port`. */
function requestHeaders(request: IncomingMessage): Record<string, NullableString> {
  const headers = emptyRecord();
  const { rawHeaders, socket } = request;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    add(headers, (rawHeaders[index] ?? '').toLowerCase(), rawHeaders[index + 1] ?? '');
  }
  const forwarded = headers['x-forwarded-for'];
  const peer = peerAddress(socket.remoteAddress ?? '', socket.remotePort);
  headers['x-forwarded-for'] = { value: forwarded === undefined ? peer : `${forwarded.value}, ${peer}` };
  return headers;
}

function peerAddress(address: string, port: number | undefined): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** Keys are the same whatever their case, as in ASP.NET; the values of a repeated one are joined with `,`. */
function parseQuery(query: string): Record<string, NullableString> {
  const spelling = new Map<string, string>();
  const values = emptyRecord();
  for (const [key, value] of new URLSearchParams(query)) {
    const folded = key.toLowerCase();
    const name = spelling.get(folded) ?? key;
    spelling.set(folded, name);
    add(values, name, value);
  }
  return values;
}

function nullable(entries: ReadonlyArray<readonly [string, string]>): Record<string, NullableString> {
  const record = emptyRecord();
  for (const [name, value] of entries) record[name] = { value };
  return record;
}

function add(record: Record<string, NullableString>, name: string, value: string): void {
  const known = record[name];
  record[name] = { value: known === undefined ? value : `${known.value},${value}` };
}

/** Without a prototype, so that names such as `__proto__` are names like any other. */
function emptyRecord(): Record<string, NullableString> {
  return Object.create(null);
}
