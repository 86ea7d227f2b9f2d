/** What a log line may carry: ids, codes, counts. Never a name, an address, a token or a request body (clause F1). */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** One JSON object a line, `event` first: what Application Insights and the local stack both read. */
export function createLogger(write: (level: 'info' | 'warn' | 'error', line: string) => void): Logger {
  const at = (level: 'info' | 'warn' | 'error') => (event: string, fields?: LogFields) =>
    write(level, JSON.stringify({ event, level, ...fields }));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Writes to the console, which the Functions host collects. */
export const consoleLogger: Logger = createLogger((level, line) => console[level](line));

/** What may be told of a fault: its class and code. A message can quote data, so it stays out. */
export function faultFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { fault: typeof error };
  const code = (error as { code?: unknown }).code;
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return {
    fault: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(frame ? { at: frame.trim().replace(/\(?(?:file:\/\/)?\/\S*\/(?=[^/\s]+\/[^/\s]+$)/, '(') } : {}),
  };
}
