import { expect, it } from 'vitest';
import { formatLogLine } from '../../../local/log-line.ts';

it.each([
  ['plain text', 'plain text'],
  ['{"event":"sign-in.refused","level":"warn","reason":"throttled"}', 'warn  sign-in.refused reason=throttled'],
  [
    '{"kind":"message","level":"information","category":"user","message":"{\\"event\\":\\"a\\",\\"level\\":\\"info\\",\\"count\\":2}","functionName":"f"}',
    'info  a count=2',
  ],
  [
    '{"kind":"invocation","functionName":"f","invocationId":"i","trigger":"http","outcome":"failed","durationMs":1.23456,"error":"it broke"}',
    'info  invocation functionName=f trigger=http outcome=failed durationMs=1.23 error="it broke"',
  ],
  ['{not json', '{not json'],
  ['red \u001b[31malert\u001b[0m', 'red alert'],
])('shows %s in short', (line, shown) => {
  expect(formatLogLine(line)).toBe(shown);
});
