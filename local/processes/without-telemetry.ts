import './exit-with-parent.ts';
import { registerHooks } from 'node:module';

/**
 * Loaded into azurite before its own module. Its telemetry is off (`--disableTelemetry`), yet loading the library for it takes more than half of
 * azurite's start: an empty module stands in. It has a process that ends with its parent, as every other.
 */
const TELEMETRY_LIBRARY = 'applicationinsights';
const NOTHING = 'local:nothing';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === TELEMETRY_LIBRARY
      ? { url: NOTHING, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === NOTHING ? { format: 'commonjs', source: '', shortCircuit: true } : next(url, context),
});
