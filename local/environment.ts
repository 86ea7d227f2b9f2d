import type { LocalKeys } from './keys.ts';
import { LOOPBACK } from './ports.ts';

export const COSMOS_DATABASE = 'extranet';
export const BLOB_ACCOUNT_NAME = 'extranet';
/** The audience of staff tokens: in Entra ID, the application ID URI of the API. */
export const STAFF_AUDIENCE = 'api://extranet-privacy';

/** What the local stack knows once its stand-ins listen. */
export interface StandIns {
  readonly keys: LocalKeys;
  readonly functionsPort: number;
  readonly cosmosEndpoint: string;
  readonly blobEndpoint: string;
  readonly smtpPort: number;
  readonly staffIssuer: string;
}

/**
 * The app settings of the functions process, as Azure would give them.
 *
 * A setting in this process's environment (`SITE_URL=… npm start`) comes before the default, except for the addresses and
 * keys of the stand-ins: a shell that points at a real account must not make the local stack write to it. Only `overrides`
 * change those.
 */
export function functionsEnvironment(
  standIns: StandIns,
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { keys } = standIns;
  const own = `http://${LOOPBACK}:${standIns.functionsPort}`;
  const chosen = (name: string, fallback: string): string => overrides[name] ?? process.env[name] ?? fallback;
  const publicUrl = chosen('PUBLIC_URL', own);
  const siteUrl = chosen('SITE_URL', `http://${LOOPBACK}:8080`);
  return {
    PUBLIC_URL: publicUrl,
    SITE_URL: siteUrl,
    ALLOWED_ORIGINS: chosen('ALLOWED_ORIGINS', originsOf(siteUrl, publicUrl)),
    TRUSTED_PROXY_HOPS: chosen('TRUSTED_PROXY_HOPS', '1'),
    MAIL_FROM_ADDRESS: chosen('MAIL_FROM_ADDRESS', 'ne-pas-repondre@extranet.example'),
    MAIL_FROM_NAME: chosen('MAIL_FROM_NAME', 'Extranet partenaires'),
    COSMOS_ENDPOINT: standIns.cosmosEndpoint,
    COSMOS_KEY: keys.cosmosKey,
    COSMOS_DATABASE,
    BLOB_ENDPOINT: standIns.blobEndpoint,
    BLOB_ACCOUNT_NAME,
    BLOB_ACCOUNT_KEY: keys.blobKey,
    MAIL_TRANSPORT: 'smtp',
    SMTP_URL: `smtp://${LOOPBACK}:${standIns.smtpPort}`,
    STAFF_OIDC_ISSUER: standIns.staffIssuer,
    STAFF_OIDC_AUDIENCE: STAFF_AUDIENCE,
    SIGNING_KEYS: JSON.stringify(keys.signingKeys),
    LOGIN_KEY: keys.loginKey,
    DATA_KEY: keys.dataKey,
    FOUR_EYES_ERASURE: chosen('FOUR_EYES_ERASURE', 'off'),
    IDENTITY_SUSPENDS_CLOCK: chosen('IDENTITY_SUSPENDS_CLOCK', 'on'),
    MALWARE_SCAN: chosen('MALWARE_SCAN', 'off'),
    ...overrides,
  };
}

/** What is no URL is left for the product's own configuration check to report. */
function originsOf(...urls: readonly string[]): string {
  return urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : [])).join(',');
}
