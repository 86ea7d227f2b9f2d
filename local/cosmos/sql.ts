import { CosmosError } from './answer.ts';

/** A query in SQLite's words, over the column `body`. */
export interface CompiledQuery {
  readonly where: string;
  readonly orderBy: string;
  readonly parameters: readonly (string | number | null)[];
  /** Turns a document into a row of the result. */
  readonly project: (document: Record<string, unknown>) => unknown;
  /** Set for `SELECT VALUE COUNT(1)`. */
  readonly counts: boolean;
}

type Scalar = string | number | boolean | null;

const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*')|(@?[A-Za-z_]\w*)|(\d+(?:\.\d+)?)|(<=|>=|!=|<>|[=<>(),.*]))/y;

/**
 * Compiles the part of Cosmos DB's SQL that the product uses: `SELECT *`, paths or `VALUE COUNT(1)`, `WHERE` with `AND`, `OR`, `NOT`,
 * comparisons, `IN` and `IS_DEFINED`, and `ORDER BY` one path. Anything else is a 400, as an unknown query is to the service.
 * Inside one partition the key finds the items, so that no other index is to be tempting (SQLite's unary plus).
 */
export function compileQuery(text: string, values: ReadonlyMap<string, Scalar>, inPartition: boolean): CompiledQuery {
  const tokens = tokenize(text);
  let position = 0;
  const parameters: (string | number | null)[] = [];

  const peek = () => tokens[position]?.toUpperCase();
  const next = () => {
    const token = tokens[position];
    if (token === undefined) throw new CosmosError(400, 'The query ends too early.');
    position += 1;
    return token;
  };
  const accept = (word: string) => {
    if (peek() !== word) return false;
    position += 1;
    return true;
  };
  const expect = (word: string) => {
    if (!accept(word)) throw new CosmosError(400, `Expected ${word} near '${tokens[position] ?? 'the end'}'.`);
  };

  function path(): string[] {
    if (next() !== 'c') throw new CosmosError(400, 'A path begins with the alias c.');
    const names: string[] = [];
    while (accept('.')) {
      const name = next();
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new CosmosError(400, `'${name}' is not the name of a property.`);
      names.push(name);
    }
    return names;
  }
  const column = (names: readonly string[]) => `${inPartition ? '+' : ''}json_extract(body, '$.${names.join('.')}')`;
  const kind = (names: readonly string[]) => `json_type(body, '$.${names.join('.')}')`;

  /** A literal or a parameter, bound; booleans compare as JSON booleans do not equal numbers. */
  function scalar(): Scalar {
    const token = next();
    if (token.startsWith('@')) {
      const value = values.get(token);
      if (value === undefined) throw new CosmosError(400, `The parameter ${token} is not given.`);
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replace(/\\(.)/g, '$1');
    if (/^\d/.test(token)) return Number(token);
    const word = token.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    throw new CosmosError(400, `Unexpected '${token}'.`);
  }

  /** Types are compared as well as values: `1` is not `"1"`, and an absent property equals nothing. */
  function comparison(names: readonly string[], operator: string, value: Scalar): string {
    if (value === null) return operator === '=' ? `${kind(names)} = 'null'` : `${kind(names)} <> 'null'`;
    if (typeof value === 'boolean') return `${kind(names)} ${operator} '${value}'`;
    parameters.push(value);
    const types = typeof value === 'string' ? "= 'text'" : "IN ('integer', 'real')";
    return `(${column(names)} ${operator} ? AND ${kind(names)} ${types})`;
  }

  function primary(): string {
    if (accept('(')) {
      const inner = disjunction();
      expect(')');
      return `(${inner})`;
    }
    if (accept('NOT')) return `NOT ${primary()}`;
    if (accept('IS_DEFINED')) {
      expect('(');
      const names = path();
      expect(')');
      return `${kind(names)} IS NOT NULL`;
    }
    const names = path();
    if (accept('IN')) {
      expect('(');
      const alternatives: string[] = [];
      do alternatives.push(comparison(names, '=', scalar()));
      while (accept(','));
      expect(')');
      return `(${alternatives.join(' OR ')})`;
    }
    const operator = next();
    if (!['=', '!=', '<>', '<', '<=', '>', '>='].includes(operator))
      throw new CosmosError(400, `Unexpected '${operator}'.`);
    return comparison(names, operator, scalar());
  }

  function conjunction(): string {
    const parts = [primary()];
    while (accept('AND')) parts.push(primary());
    return parts.join(' AND ');
  }

  function disjunction(): string {
    const parts = [conjunction()];
    while (accept('OR')) parts.push(conjunction());
    return parts.length > 1 ? `(${parts.map((part) => `(${part})`).join(' OR ')})` : (parts[0] ?? '');
  }

  expect('SELECT');
  let counts = false;
  let selected: string[][] | undefined;
  if (accept('VALUE')) {
    for (const word of ['COUNT', '(', '1', ')']) expect(word);
    counts = true;
  } else if (!accept('*')) {
    selected = [];
    do selected.push(path());
    while (accept(','));
  }
  expect('FROM');
  expect('C');
  const where = accept('WHERE') ? disjunction() : '1';
  let orderBy = '';
  if (accept('ORDER')) {
    expect('BY');
    const names = path();
    orderBy = `${column(names)} ${accept('DESC') ? 'DESC' : 'ASC'}`;
    accept('ASC');
  }
  if (position < tokens.length) throw new CosmosError(400, `Unexpected '${tokens[position]}'.`);

  const paths = selected;
  const project = (document: Record<string, unknown>) =>
    paths
      ? Object.fromEntries(
          paths
            .map((names) => [names.at(-1) ?? '', valueAt(document, names)] as const)
            .filter(([, value]) => value !== undefined),
        )
      : document;
  return { where, orderBy, parameters, project, counts };
}

function valueAt(document: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], document);
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new CosmosError(400, `Syntax error at ${at}.`);
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return tokens;
}
