import type { RequestPath } from './request-path.ts';
import { createRouteConstraint, type RouteConstraint } from './route-constraints.ts';

/** Route parameters by the names that the template gives them; an optional one that is absent has no entry. */
export type RouteValues = Record<string, string>;

/** A route template of ASP.NET Core, ready to be matched. */
export interface RouteTemplate {
  readonly text: string;
  /** The number of path segments that it can match, from `least` to `most`. */
  readonly least: number;
  readonly most: number;
  /** The values of its parameters when it matches, else `undefined`. Literals match whatever their case. */
  match(path: RequestPath): RouteValues | undefined;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | ({ readonly kind: 'parameter' } & Parameter)
  | { readonly kind: 'mixed'; readonly pattern: RegExp; readonly parameters: readonly Parameter[] };

interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  readonly catchAll: boolean;
  readonly defaultValue: string | undefined;
  readonly constraints: readonly RouteConstraint[];
}

/**
 * Parses `a/{id:int}/{name?}/{*rest}`: literals, parameters with constraints, defaults (`{page=1}`), optional ones and
 * a catch-all at the end, several parameters in a segment (`{name}.{extension}`); `{{` and `}}` stand for braces.
 *
 * @throws Error that quotes a template which ASP.NET would refuse.
 */
export function parseRouteTemplate(text: string): RouteTemplate {
  const template = text.replace(/^\/+|\/+$/g, '');
  const segments = template === '' ? [] : splitOutsideBraces(template, '/').map((part) => parseSegment(part, text));
  const names = segments.flatMap(parametersOf).map(({ name }) => name.toLowerCase());
  if (new Set(names).size < names.length) throw new Error(`The route '${text}' names a parameter twice.`);

  const last = segments.at(-1);
  const catchAll = last?.kind === 'parameter' && last.catchAll ? last : undefined;
  const fixed = catchAll === undefined ? segments : segments.slice(0, -1);
  if (fixed.some((segment) => segment.kind === 'parameter' && segment.catchAll)) {
    throw new Error(`The route '${text}' has a catch-all parameter that is not its end.`);
  }
  const least = fixed.findLastIndex((segment) => !mayBeAbsent(segment)) + 1;
  return {
    text: template,
    least,
    most: catchAll === undefined ? fixed.length : Number.POSITIVE_INFINITY,
    match: (path) => matchSegments(path, fixed, catchAll),
  };
}

function matchSegments(
  path: RequestPath,
  fixed: readonly Segment[],
  catchAll: Parameter | undefined,
): RouteValues | undefined {
  const { segments, lowerSegments } = path;
  for (let index = 0; index < fixed.length; index += 1) {
    const segment = fixed[index];
    if (segment?.kind === 'literal' && segment.text !== lowerSegments[index]) return undefined;
  }
  const values: RouteValues = {};
  for (const [index, segment] of fixed.entries()) {
    const text = segments[index];
    if (text === '') return undefined;
    if (segment.kind === 'parameter') {
      if (!assign(values, segment, text)) return undefined;
    } else if (segment.kind === 'mixed') {
      const found = text === undefined ? null : segment.pattern.exec(text);
      if (found === null) return undefined;
      if (!segment.parameters.every((parameter, part) => assign(values, parameter, found[part + 1]))) return undefined;
    }
  }
  if (catchAll !== undefined) {
    if (segments[fixed.length] === '') return undefined;
    const rest = path.from(fixed.length);
    if (!assign(values, catchAll, rest === '' ? undefined : rest)) return undefined;
  }
  return values;
}

function assign(values: RouteValues, parameter: Parameter, text: string | undefined): boolean {
  const value = text ?? parameter.defaultValue;
  if (value === undefined) return parameter.optional || parameter.catchAll;
  values[parameter.name] = value;
  return parameter.constraints.every((constraint) => constraint(value));
}

function mayBeAbsent(segment: Segment): boolean {
  return segment.kind === 'parameter' && (segment.optional || segment.defaultValue !== undefined);
}

function parametersOf(segment: Segment): readonly Parameter[] {
  if (segment.kind === 'literal') return [];
  return segment.kind === 'parameter' ? [segment] : segment.parameters;
}

function parseSegment(text: string, route: string): Segment {
  const parts = partsOf(text, route);
  const [only] = parts;
  if (only === undefined) throw new Error(`The route '${route}' has an empty segment.`);
  if (parts.length === 1) {
    return typeof only === 'string' ? { kind: 'literal', text: only.toLowerCase() } : { kind: 'parameter', ...only };
  }
  const parameters = parts.filter((part) => typeof part !== 'string');
  if (parameters.some(({ optional, catchAll }) => optional || catchAll)) {
    throw new Error(`The route '${route}' has an optional or catch-all parameter that is not a segment of its own.`);
  }
  const pattern = parts.map((part) => (typeof part === 'string' ? escapePattern(part) : '(.+)')).join('');
  return { kind: 'mixed', pattern: new RegExp(`^${pattern}$`, 'is'), parameters };
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Literal pieces and parameters of one segment, in order. */
function partsOf(text: string, route: string): Array<string | Parameter> {
  const parts: Array<string | Parameter> = [];
  let literal = '';
  let index = 0;
  const endLiteral = () => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  while (index < text.length) {
    const pair = text.slice(index, index + 2);
    if (pair === '{{' || pair === '}}') {
      literal += pair[0];
      index += 2;
    } else if (text[index] === '{') {
      const end = closingBrace(text, index);
      if (end < 0) throw new Error(`The route '${route}' has a '{' without a closing '}'.`);
      endLiteral();
      if (typeof parts.at(-1) === 'object') throw new Error(`The route '${route}' has two parameters side by side.`);
      parts.push(parseParameter(text.slice(index + 1, end), route));
      index = end + 1;
    } else if (text[index] === '}') {
      throw new Error(`The route '${route}' has a '}' without an opening '{'.`);
    } else {
      literal += text[index];
      index += 1;
    }
  }
  endLiteral();
  return parts;
}

function parseParameter(text: string, route: string): Parameter {
  const unescaped = text.replaceAll('{{', '{').replaceAll('}}', '}');
  const [definition = '', ...defaults] = splitOutsideParentheses(unescaped, '=');
  const optional = defaults.length === 0 && definition.endsWith('?');
  const [head = '', ...constraints] = splitOutsideParentheses(optional ? definition.slice(0, -1) : definition, ':');
  const name = head.replace(/^\*{1,2}/, '');
  if (!/^[^/{}?*:=]+$/.test(name)) throw new Error(`The route '${route}' has a parameter without a valid name.`);
  return {
    name,
    optional,
    catchAll: head.startsWith('*'),
    defaultValue: defaults.length === 0 ? undefined : defaults.join('='),
    constraints: constraints.map((constraint) => {
      const [, constraintName = '', argument] = /^([^(]+)(?:\((.*)\))?$/s.exec(constraint.trim()) ?? [];
      return createRouteConstraint(constraintName, argument);
    }),
  };
}

function splitOutsideParentheses(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function splitOutsideBraces(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === '{' && text[index + 1] !== '{') index = Math.max(index, closingBrace(text, index));
    else if (text.startsWith('{{', index)) index += 1;
    else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The `}` that ends the parameter opened at `start`; doubled braces inside it are text. */
function closingBrace(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text.startsWith('{{', index) || text.startsWith('}}', index)) index += 1;
    else if (text[index] === '}') return index;
  }
  return -1;
}
