import { CosmosError } from '../answer.ts';
import type { JsonValue } from '../json.ts';

export interface Path {
  readonly kind: 'path';
  /** The alias it begins with: `c`. */
  readonly root: string;
  readonly names: readonly (string | number)[];
}

export const AGGREGATES = ['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export type Expression =
  | Path
  | { readonly kind: 'constant'; readonly value: JsonValue }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'aggregate'; readonly name: Aggregate; readonly of: Expression }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'between'; readonly of: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Expression])[] };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Query {
  readonly distinct: boolean;
  readonly top?: number;
  /** `*`, one value (`SELECT VALUE`), or named columns. */
  readonly select: '*' | { readonly value: Expression } | readonly { readonly name: string; readonly of: Expression }[];
  readonly alias: string;
  /** The array that a subquery ranges over: `FROM t IN c.tags`. */
  readonly source?: Path;
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly { readonly path: Path; readonly descending: boolean }[];
  readonly offset?: number;
  readonly limit?: number;
}

const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(@?[A-Za-z_]\w*)|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(<=|>=|!=|<>|[=<>(),.*[\]{}:-]))/y;

const RESERVED = new Set(
  'SELECT FROM WHERE ORDER GROUP BY OFFSET LIMIT JOIN IN AND OR NOT BETWEEN EXISTS TOP DISTINCT VALUE AS ASC DESC TRUE FALSE NULL UNDEFINED'.split(
    ' ',
  ),
);

/**
 * Reads a query of Cosmos DB's SQL: `SELECT [DISTINCT] [TOP n] [VALUE]`, paths, functions, aggregates, `WHERE`, `GROUP BY`,
 * `ORDER BY`, `OFFSET LIMIT` and `EXISTS`. Parameters are put in as values. What it cannot read is a 400 that says where;
 * `JOIN`, arithmetic and user-defined functions are not served.
 */
export function parseQuery(text: string, parameters: ReadonlyMap<string, JsonValue>): Query {
  const tokens = tokenize(text);
  let position = 0;

  const peek = () => tokens[position]?.toUpperCase();
  const isNext = (word: string) => peek() === word;
  const unexpected = () =>
    new CosmosError(400, `Syntax error, incorrect syntax near '${tokens[position] ?? 'the end of the query'}'.`);
  const next = () => {
    const token = tokens[position];
    if (token === undefined) throw unexpected();
    position += 1;
    return token;
  };
  const accept = (word: string) => {
    if (!isNext(word)) return false;
    position += 1;
    return true;
  };
  const expect = (word: string) => {
    if (!accept(word)) throw unexpected();
  };
  const name = () => {
    const token = tokens[position];
    if (token === undefined || !/^[A-Za-z_]\w*$/.test(token) || RESERVED.has(token.toUpperCase())) throw unexpected();
    position += 1;
    return token;
  };
  const listOf = <T>(item: () => T): T[] => {
    const items = [item()];
    while (accept(',')) items.push(item());
    return items;
  };
  const parenthesised = <T>(inner: () => T): T => {
    expect('(');
    const result = inner();
    expect(')');
    return result;
  };

  function path(root = name()): Path {
    const names: (string | number)[] = [];
    for (;;) {
      if (accept('.')) {
        const token = next();
        if (!/^[A-Za-z_]\w*$/.test(token)) throw new CosmosError(400, `'${token}' is not the name of a property.`);
        names.push(token);
      } else if (accept('[')) {
        const token = next();
        names.push(/^['"]/.test(token) ? unquoted(token) : wholeNumber(token));
        expect(']');
      } else return { kind: 'path', root, names };
    }
  }

  function primary(): Expression {
    const token = tokens[position];
    if (token === undefined) throw unexpected();
    const word = token.toUpperCase();
    if (word === '(') return parenthesised(disjunction);
    if (word === '-') {
      position += 1;
      return { kind: 'constant', value: -numberOf(next()) };
    }
    if (word === '[') {
      position += 1;
      const items = isNext(']') ? [] : listOf(disjunction);
      expect(']');
      return { kind: 'array', items };
    }
    if (word === '{') return objectLiteral();
    if (token.startsWith('@')) {
      position += 1;
      const value = parameters.get(token);
      if (value === undefined) throw new CosmosError(400, `The parameter ${token} is not given.`);
      return { kind: 'constant', value };
    }
    if (/^['"]/.test(token)) {
      position += 1;
      return { kind: 'constant', value: unquoted(token) };
    }
    if (/^\d/.test(token)) {
      position += 1;
      return { kind: 'constant', value: numberOf(token) };
    }
    if (word === 'TRUE' || word === 'FALSE' || word === 'NULL') {
      position += 1;
      return { kind: 'constant', value: word === 'NULL' ? null : word === 'TRUE' };
    }
    if (accept('EXISTS')) return { kind: 'exists', query: parenthesised(() => query(true)) };
    const root = name();
    return isNext('(') ? call(root.toUpperCase()) : path(root);
  }

  function call(called: string): Expression {
    const args = parenthesised(() => (isNext(')') ? [] : listOf(disjunction)));
    const aggregate = AGGREGATES.find((known) => known === called);
    if (!aggregate) return { kind: 'call', name: called, args };
    const [of] = args;
    if (!of || args.length > 1) throw new CosmosError(400, `${called} takes one argument.`);
    return { kind: 'aggregate', name: aggregate, of };
  }

  function objectLiteral(): Expression {
    expect('{');
    const entries = isNext('}')
      ? []
      : listOf(() => {
          const token = next();
          const key = /^['"]/.test(token) ? unquoted(token) : token;
          expect(':');
          return [key, disjunction()] as const;
        });
    expect('}');
    return { kind: 'object', entries };
  }

  function comparison(): Expression {
    if (accept('NOT')) return { kind: 'not', of: comparison() };
    const of = primary();
    const negated = accept('NOT');
    let compared: Expression = of;
    if (accept('IN')) compared = { kind: 'in', of, list: parenthesised(() => listOf(disjunction)) };
    else if (accept('BETWEEN')) {
      const low = primary();
      expect('AND');
      compared = { kind: 'between', of, low, high: primary() };
    } else if (negated) throw unexpected();
    else {
      const operator = tokens[position];
      if (operator && ['=', '!=', '<>', '<', '<=', '>', '>='].includes(operator)) {
        position += 1;
        const sign = (operator === '<>' ? '!=' : operator) as Comparison;
        compared = { kind: 'compare', operator: sign, left: of, right: primary() };
      }
    }
    return negated ? { kind: 'not', of: compared } : compared;
  }

  function conjunction(): Expression {
    const parts = [comparison()];
    while (accept('AND')) parts.push(comparison());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts };
  }

  function disjunction(): Expression {
    const parts = [conjunction()];
    while (accept('OR')) parts.push(conjunction());
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'or', parts };
  }

  function amount(): number {
    const token = next();
    const value = token.startsWith('@') ? parameters.get(token) : numberOf(token);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      throw new CosmosError(400, `'${token}' is not a whole number of items.`);
    }
    return value;
  }

  function columns() {
    let unnamed = 0;
    return listOf(() => {
      const of = disjunction();
      if (accept('AS')) return { name: name(), of };
      const following = tokens[position];
      if (following && /^[A-Za-z_]\w*$/.test(following) && !RESERVED.has(following.toUpperCase())) {
        return { name: name(), of };
      }
      const last = of.kind === 'path' ? (of.names.at(-1) ?? of.root) : undefined;
      if (typeof last === 'string') return { name: last, of };
      unnamed += 1;
      return { name: `$${unnamed}`, of };
    });
  }

  function query(nested: boolean): Query {
    expect('SELECT');
    const distinct = accept('DISTINCT');
    const top = accept('TOP') ? amount() : undefined;
    const select = accept('*') ? '*' : accept('VALUE') ? { value: disjunction() } : columns();
    expect('FROM');
    let alias = name();
    let source: Path | undefined;
    if (accept('IN')) source = path();
    else if (accept('AS')) alias = name();
    else if (tokens[position] && !RESERVED.has(peek() ?? '') && /^[A-Za-z_]/.test(tokens[position] ?? ''))
      alias = name();
    if (isNext('JOIN')) throw new CosmosError(400, 'JOIN is not served by the local stand-in.');
    if (nested && !source) throw new CosmosError(400, 'A subquery ranges over an array: FROM x IN c.items.');
    const where = accept('WHERE') ? disjunction() : undefined;
    let groupBy: Expression[] = [];
    if (accept('GROUP')) {
      expect('BY');
      groupBy = listOf(disjunction);
    }
    let orderBy: Query['orderBy'] = [];
    if (accept('ORDER')) {
      expect('BY');
      orderBy = listOf(() => {
        const ordered = path();
        const descending = accept('DESC');
        if (!descending) accept('ASC');
        return { path: ordered, descending };
      });
    }
    let range: { offset: number; limit: number } | undefined;
    if (accept('OFFSET')) {
      const offset = amount();
      expect('LIMIT');
      range = { offset, limit: amount() };
    }
    if (range && top !== undefined) throw new CosmosError(400, 'TOP cannot be used with OFFSET LIMIT.');
    if (groupBy.length > 0 && orderBy.length > 0) throw new CosmosError(400, 'ORDER BY cannot be used with GROUP BY.');
    return {
      distinct,
      select,
      alias,
      groupBy,
      orderBy,
      ...(top === undefined ? {} : { top }),
      ...(source ? { source } : {}),
      ...(where ? { where } : {}),
      ...range,
    };
  }

  const parsed = query(false);
  if (position < tokens.length) throw unexpected();
  if (parsed.source) throw new CosmosError(400, 'FROM x IN is served in subqueries only.');
  return parsed;
}

/** A condition on its own, as a patch has it: `from c where c.state = 'open'`. */
export function parseCondition(text: string): Query {
  return parseQuery(`SELECT * ${text}`, new Map());
}

function wholeNumber(token: string): number {
  const value = numberOf(token);
  if (!Number.isInteger(value)) throw new CosmosError(400, `'${token}' is not a position in an array.`);
  return value;
}

function numberOf(token: string): number {
  const value = Number(token);
  if (!/^\d/.test(token) || Number.isNaN(value)) throw new CosmosError(400, `'${token}' is not a number.`);
  return value;
}

function unquoted(token: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return token
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, sign: string) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[sign] ?? sign),
    );
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new CosmosError(400, `Syntax error, incorrect syntax near position ${at}.`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return tokens;
}
