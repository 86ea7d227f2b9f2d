import { describe, expect, it } from 'vitest';
import { preferredMediaType } from '../../../shared/platform/http/media-type.ts';

const offered = ['application/json', 'text/csv', 'text/html'] as const;

describe('the preferred media type (RFC 9110 §12.5.1)', () => {
  it.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV; q=0.5', 'text/csv'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['text/html;q=0.4, text/csv;q=0.6, */*;q=0.1', 'text/csv'],
    ['text/*', 'text/csv'],
    ['*/*, text/html', 'text/html'],
    ['text/csv;q=0, */*', 'application/json'],
    ['image/png', 'application/json'],
  ] as const)('of %s is %s', (accept, expected) => {
    expect(preferredMediaType(accept, offered)).toBe(expected);
  });
});
