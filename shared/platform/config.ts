import * as z from 'zod/mini';

/**
 * The application settings, read once at boot. In Azure a secret is a Key Vault reference that the platform resolves before the
 * process starts; locally the supervisor reads it from a key file. A fault fails the boot and every fault is listed.
 */
const url = z.string().check(z.refine((value) => URL.canParse(value), 'must be an absolute URL'));
const origin = url.check(z.refine((value) => new URL(value).origin === value, 'must be an origin, without path'));
const key256 = z
  .string()
  .check(z.refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64'));

const onOrOff = z.enum(['on', 'off']);

const privateJwk = z.looseObject({
  kid: z.string(),
  kty: z.enum(['EC', 'OKP']),
  crv: z.enum(['P-256', 'Ed25519']),
  x: z.string(),
  d: z.string(),
});

/** B1: who is responsible. Printed in every export, receipt and answer. */
const controllerSchema = z.strictObject({
  name: z.string(),
  legalForm: z.string(),
  shareCapital: z.string(),
  headOffice: z.string(),
  registration: z.string(),
  dpo: z.strictObject({ email: z.email(), postalAddress: z.string() }),
});

export type Controller = z.output<typeof controllerSchema>;

const DEFAULT_CONTROLLER: Controller = {
  name: 'Assistance Partenaires (nom à configurer)',
  legalForm: 'SAS',
  shareCapital: '5 316 384 EUR',
  headOffice: '1 promenade de la Bonnette, 92230 Gennevilliers, France',
  registration: 'RCS Nanterre 403 147 903',
  dpo: {
    email: 'dpo@extranet.example',
    postalAddress: 'Délégué à la protection des données, 1 promenade de la Bonnette, 92230 Gennevilliers, France',
  },
};

const schema = z.object({
  COSMOS_ENDPOINT: url,
  COSMOS_KEY: z.optional(z.string()),
  COSMOS_DATABASE: z._default(z.string(), 'extranet'),
  BLOB_ENDPOINT: url,
  BLOB_ACCOUNT_NAME: z.optional(z.string()),
  BLOB_ACCOUNT_KEY: z.optional(z.string()),
  AZURE_CLIENT_ID: z.optional(z.string()),
  SMTP_URL: url,
  MAIL_FROM_ADDRESS: z.email(),
  MAIL_FROM_NAME: z._default(z.string(), 'Extranet partenaires'),
  STAFF_OIDC_ISSUER: url,
  STAFF_OIDC_AUDIENCE: z.string(),
  PUBLIC_URL: origin,
  SITE_URL: url,
  ALLOWED_ORIGINS: z._default(z.string(), ''),
  TRUSTED_PROXY_HOPS: z._default(z.string().check(z.regex(/^[1-9]$/, 'must be a whole number from 1 to 9')), '1'),
  SIGNING_KEYS: z.string(),
  LOGIN_KEY: key256,
  DATA_KEY: key256,
  WRAPPING_KEY_URL: z.optional(url),
  CONTROLLER: z.optional(z.string()),
  FOUR_EYES_ERASURE: z._default(onOrOff, 'off'),
  IDENTITY_SUSPENDS_CLOCK: z._default(onOrOff, 'on'),
  MALWARE_SCAN: z._default(onOrOff, 'off'),
});

/** The names of the settings, for the Bicep test and the README. */
export const settingNames = Object.keys(schema.shape) as readonly (keyof typeof schema.shape)[];

export type SigningJwk = z.output<typeof privateJwk>;

export interface Config {
  readonly cosmos: { readonly endpoint: string; readonly key?: string; readonly database: string };
  readonly blobs: { readonly endpoint: string; readonly account?: { readonly name: string; readonly key: string } };
  /** Client id of the user-assigned identity, for whatever is reached without a key. */
  readonly identityClientId?: string;
  readonly mail: { readonly smtpUrl: string; readonly from: { readonly name: string; readonly address: string } };
  readonly staff: { readonly issuer: string; readonly audience: string };
  /** Origin of this API; also the issuer and audience of its access tokens. */
  readonly publicUrl: string;
  /** The extranet's own site, which mailed links lead to. */
  readonly siteUrl: string;
  readonly allowedOrigins: readonly string[];
  /** Proxies in front of the app whose entry of `X-Forwarded-For` is believed: 1 is Azure's own front end, 2 with a gateway before it. */
  readonly trustedProxyHops: number;
  /** Newest first: the first signs, all verify. */
  readonly signingKeys: readonly SigningJwk[];
  /** Keys the pseudonyms of e-mails and network addresses. */
  readonly loginKey: Buffer;
  /** Seals small secrets at rest. */
  readonly dataKey: Buffer;
  /** The Key Vault key that wraps the keys of stored files, without version; absent: the data key wraps them. */
  readonly wrappingKeyUrl?: string;
  readonly controller: Controller;
  readonly rightsRequests: {
    /** Whether an erasure takes the approval of two people. */
    readonly fourEyesErasure: boolean;
    /**
     * Whether the clock of a request stands still while identity is awaited. Lawyers dispute it (art. 12(6) is silent); both deadlines are kept
     * either way, this tells which one the desk works to.
     */
    readonly identitySuspendsClock: boolean;
    /** Whether the storage account scans uploads: then nobody is shown a document that was not found clean. */
    readonly malwareScan: boolean;
  };
}

/** Thrown at boot, with one line for each setting that is missing or wrong. Values are never quoted. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Reads the settings. Throws {@link ConfigurationError} with every fault at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = [];
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      faults.push(`${name}: ${environment[name] === undefined ? 'missing' : issue.message || 'invalid'}`);
    }
  }
  const signingKeys = readJson(
    'SIGNING_KEYS',
    z.array(privateJwk).check(z.minLength(1)),
    environment.SIGNING_KEYS,
    faults,
  );
  const controller = environment.CONTROLLER
    ? readJson('CONTROLLER', controllerSchema, environment.CONTROLLER, faults)
    : DEFAULT_CONTROLLER;
  const allowedOrigins = (environment.ALLOWED_ORIGINS ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  if (!allowedOrigins.every((value) => origin.safeParse(value).success))
    faults.push('ALLOWED_ORIGINS: every entry must be an origin');
  if (!parsed.success || !signingKeys || !controller || faults.length > 0) throw new ConfigurationError(faults);

  const settings = parsed.data;
  return {
    cosmos: {
      endpoint: settings.COSMOS_ENDPOINT,
      database: settings.COSMOS_DATABASE,
      ...(settings.COSMOS_KEY ? { key: settings.COSMOS_KEY } : {}),
    },
    blobs: {
      endpoint: settings.BLOB_ENDPOINT,
      ...(settings.BLOB_ACCOUNT_NAME && settings.BLOB_ACCOUNT_KEY
        ? { account: { name: settings.BLOB_ACCOUNT_NAME, key: settings.BLOB_ACCOUNT_KEY } }
        : {}),
    },
    ...(settings.AZURE_CLIENT_ID ? { identityClientId: settings.AZURE_CLIENT_ID } : {}),
    mail: { smtpUrl: settings.SMTP_URL, from: { name: settings.MAIL_FROM_NAME, address: settings.MAIL_FROM_ADDRESS } },
    staff: { issuer: settings.STAFF_OIDC_ISSUER, audience: settings.STAFF_OIDC_AUDIENCE },
    publicUrl: settings.PUBLIC_URL,
    siteUrl: settings.SITE_URL.replace(/\/$/, ''),
    allowedOrigins,
    trustedProxyHops: Number(settings.TRUSTED_PROXY_HOPS),
    signingKeys,
    loginKey: Buffer.from(settings.LOGIN_KEY, 'base64'),
    dataKey: Buffer.from(settings.DATA_KEY, 'base64'),
    ...(settings.WRAPPING_KEY_URL ? { wrappingKeyUrl: settings.WRAPPING_KEY_URL.replace(/\/$/, '') } : {}),
    controller,
    rightsRequests: {
      fourEyesErasure: settings.FOUR_EYES_ERASURE === 'on',
      identitySuspendsClock: settings.IDENTITY_SUSPENDS_CLOCK === 'on',
      malwareScan: settings.MALWARE_SCAN === 'on',
    },
  };
}

function readJson<Schema extends z.ZodMiniType>(
  name: string,
  shape: Schema,
  value: string | undefined,
  faults: string[],
): z.output<Schema> | undefined {
  if (value === undefined) return undefined; // already reported as missing
  try {
    const parsed = shape.safeParse(JSON.parse(value));
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      faults.push(`${name}.${issue.path.join('.')}: ${issue.message || 'invalid'}`);
  } catch {
    faults.push(`${name}: not valid JSON`);
  }
  return undefined;
}
