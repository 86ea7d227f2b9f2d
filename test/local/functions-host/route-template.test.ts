import { describe, expect, test } from 'vitest';
import { parseRequestPath } from '../../../local/functions-host/request-path.ts';
import { parseRouteTemplate } from '../../../local/functions-host/route-template.ts';

/** What the template reads from the path; `undefined` when it does not match. */
function match(template: string, path: string): Record<string, string> | undefined {
  const route = parseRouteTemplate(template);
  const requestPath = parseRequestPath(path);
  const count = requestPath.segments.length;
  return route.least <= count && count <= route.most ? route.match(requestPath) : undefined;
}

describe('a route template', () => {
  test.each([
    ['', '/', {}],
    ['a/b', '/a/b', {}],
    ['a/b', '/A/B/', {}],
    ['a/{id}', '/a/5', { id: '5' }],
    ['a/{id}/c/{Name}', '/a/x%20y/C/%C3%A9', { id: 'x y', Name: 'é' }],
    ['a/{id}', '/a/x%2Fy%20z', { id: 'x%2Fy z' }],
    ['a/{id}', '/a/%zz', { id: '%zz' }],
    ['a/{p?}', '/a', {}],
    ['a/{p?}', '/a/1', { p: '1' }],
    ['a/{p=one}/{q=two}', '/a/1', { p: '1', q: 'two' }],
    ['a/{*rest}', '/a', {}],
    ['a/{*rest}', '/a/b/c%20d/', { rest: 'b/c d/' }],
    ['{**rest}', '/x/y', { rest: 'x/y' }],
    ['a/{name}.{extension}', '/a/b.c.pdf', { name: 'b.c', extension: 'pdf' }],
    ['v{version:int}/x', '/V12/x', { version: '12' }],
    ['a/{{b}}', '/a/{b}', {}],
    ['a/b', '/a/x/../b', {}],
    ['.well-known/{name}', '/.well-known/gpc.json', { name: 'gpc.json' }],
    [String.raw`a/{code:regex(^\d{{3}}-[a-z]:x$)}`, '/a/123-b:x', { code: '123-b:x' }],
    ['a/{d:regex(^x=y?$)=x=}', '/a', { d: 'x=' }],
  ])('%s takes %s', (template, path, values) => {
    expect(match(template, path)).toEqual(values);
  });

  test.each([
    ['a/b', '/a'],
    ['a/b', '/a/b/c'],
    ['a/{id}', '/a'],
    ['a/{id}', '/a/'],
    ['a/{id}/c', '/a//c'],
    ['a/b', '/a//b'],
    ['a/{p?}', '/a//'],
    ['a/{name}.{extension}', '/a/b'],
    ['v{version:int}/x', '/vx/x'],
    [String.raw`a/{code:regex(^\d{{3}}$)}`, '/a/1234'],
  ])('%s does not take %s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  test.each([
    'a//b',
    'a/{id',
    'a/id}',
    'a/{}',
    'a/{*rest}/b',
    'a/{id}/{ID}',
    'a/{b}{c}',
    'a/{b}.{c?}',
    'a/{id:unknown}',
    'a/{id:min(x)}',
    'a/{id:int(3)}',
    'a/{id:constructor}',
  ])('%s is refused', (template) => {
    expect(() => parseRouteTemplate(template)).toThrow(Error);
  });
});

describe('a route constraint', () => {
  test.each([
    ['alpha', ['abc', 'ABC'], ['a1', 'é']],
    ['bool', ['true', 'FALSE'], ['1', 'yes']],
    ['datetime', ['2026-01-31', '2026-01-31T10:00:00Z'], ['soon']],
    ['decimal', ['1', '-1.5', '.5'], ['1e3', 'x']],
    ['double', ['1', '-1.5e-3', '.5'], ['x']],
    ['float', ['1', '1E5'], ['1f']],
    ['guid', ['5b0f3c1e-8f4b-4d0a-9c57-0a9d7a3f1b11', '{5b0f3c1e-8f4b-4d0a-9c57-0a9d7a3f1b11}'], ['5b0f3c1e']],
    ['int', ['0', '-2147483648', '+5', '2147483647'], ['2147483648', '1.0', 'x']],
    ['long', ['9223372036854775807', '-9223372036854775808'], ['9223372036854775808']],
    ['length(3)', ['abc'], ['ab', 'abcd']],
    ['length(2,3)', ['ab', 'abc'], ['a', 'abcd']],
    ['minlength(2)', ['ab', 'abc'], ['a']],
    ['maxlength(2)', ['a', 'ab'], ['abc']],
    ['min(5)', ['5', '6'], ['4', 'x']],
    ['max(5)', ['5', '-6'], ['6', 'x']],
    ['range(-1,1)', ['-1', '0', '1'], ['2', 'x']],
    ['regex(^ab+$)', ['abb', 'AB'], ['a']],
    ['int:min(3):max(4)', ['3', '4'], ['2', '5', 'x']],
    ['required', ['a'], []],
  ])('%s', (constraint, accepted, refused) => {
    const template = `{value:${constraint}}`;
    for (const value of accepted) expect(match(template, `/${encodeURIComponent(value)}`), value).toEqual({ value });
    for (const value of refused) expect(match(template, `/${encodeURIComponent(value)}`), value).toBeUndefined();
  });
});
