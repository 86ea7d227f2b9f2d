import { stripVTControlCharacters } from 'node:util';

const FIELDS_OF_A_LINE = new Set(['event', 'level', 'kind', 'category', 'message', 'invocationId', 'time']);

/**
 * One line of the functions process, for the terminal: its JSON as `level event key=value …`, anything else as it is.
 * The product's own lines hold no personal data; nothing is added here.
 */
export function formatLogLine(line: string): string {
  const entry = parseObject(line);
  if (entry === undefined) return stripVTControlCharacters(line);
  // What the product wrote through the host comes as the message of the host's own line.
  const inner = typeof entry.message === 'string' ? parseObject(entry.message) : undefined;
  const { level, event, message, kind } = inner ?? entry;
  const title = event ?? message ?? kind ?? '';
  const fields = Object.entries(inner ?? entry)
    .filter(([name, value]) => !FIELDS_OF_A_LINE.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${shorten(value)}`);
  return [String(level ?? 'info').padEnd(5), stripVTControlCharacters(String(title)), ...fields].join(' ');
}

function shorten(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
