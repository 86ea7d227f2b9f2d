import { generateKeyPairSync } from 'node:crypto';
import { openProduct, type Product } from '../functions/product.ts';
import { systemClock } from '../shared/platform/clock.ts';
import { readConfig } from '../shared/platform/config.ts';

/** The product as it is whatever its settings. Nothing is connected to. */
export function productAnywhere(): Product {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const nowhere = 'https://nowhere.invalid';
  const key = Buffer.alloc(32).toString('base64');
  const config = readConfig({
    COSMOS_ENDPOINT: nowhere,
    BLOB_ENDPOINT: nowhere,
    SMTP_URL: 'smtp://nowhere.invalid',
    MAIL_FROM_ADDRESS: 'nobody@nowhere.example',
    STAFF_OIDC_ISSUER: nowhere,
    STAFF_OIDC_AUDIENCE: 'nobody',
    PUBLIC_URL: nowhere,
    SITE_URL: nowhere,
    SIGNING_KEYS: JSON.stringify([{ kid: 'none', ...privateKey.export({ format: 'jwk' }) }]),
    LOGIN_KEY: key,
    DATA_KEY: key,
  });
  return openProduct({ config, clock: systemClock });
}
