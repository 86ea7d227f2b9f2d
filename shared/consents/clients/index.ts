import scripts from './built-scripts.json' with { type: 'json' };

/** The consent modules that a script of ours records for. klaro needs none: it speaks to the API itself. */
export type ConsentClient = 'tarteaucitron' | 'cookieconsent';

/** A script as it is served. */
export interface ConsentClientScript {
  readonly source: string;
  /** What a page holds the script to: `sha384-…` (W3C Subresource Integrity). */
  readonly integrity: string;
  /** Names these very bytes in the script's address, so that browsers may keep them for ever. */
  readonly version: string;
}

/** The script that records what people choose in `client`; built from the `.client.js` next to this file by `npm run consent-clients`. */
export function consentClientScript(client: ConsentClient): ConsentClientScript {
  const { source, integrity } = scripts[client];
  return { source, integrity, version: scriptVersion(integrity) };
}

/** The name of a script's bytes in its address: the beginning of their hash. */
export function scriptVersion(integrity: string): string {
  return integrity.slice('sha384-'.length).slice(0, 12).replaceAll(/[+/]/g, '-');
}

export {
  type KlaroChoice,
  klaroChoice,
  klaroConfig,
  klaroConfigId,
  readKlaroConfigId,
  type ShownNotice,
} from './klaro-rules.ts';
