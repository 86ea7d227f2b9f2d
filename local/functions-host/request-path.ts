/** The path of a request target, decoded as Kestrel decodes it: `%2F` and faulty escapes stay as they are. */
export interface RequestPath {
  /** The decoded segments. A single slash at the end makes no segment of its own; `//` makes an empty one. */
  readonly segments: readonly string[];
  readonly lowerSegments: readonly string[];
  /** The decoded path from segment `index` on, with a slash at its end when the path has one. */
  from(index: number): string;
}

/** Reads a path such as `/files/a%20b/`; dot segments are resolved. */
export function parseRequestPath(path: string): RequestPath {
  let parts = path.slice(1).split('/');
  if (path.includes('%')) parts = parts.map(decodeSegment);
  if (parts.includes('.') || parts.includes('..')) parts = resolveDots(parts);
  const segments = parts.at(-1) === '' ? parts.slice(0, -1) : parts;
  return {
    segments,
    lowerSegments: segments.map((segment) => segment.toLowerCase()),
    from: (index) => parts.slice(index).join('/'),
  };
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  return segment
    .split(/(%2f)/i)
    .map((part) => (/^%2f$/i.test(part) ? part : decodeOrKeep(part)))
    .join('');
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function resolveDots(parts: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === '..') resolved.pop();
    else if (part !== '.') resolved.push(part);
  }
  const last = parts.at(-1);
  if (last === '.' || last === '..') resolved.push('');
  return resolved;
}
