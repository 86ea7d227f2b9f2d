import type { Config } from '../config.ts';
import { seal, unseal } from './sealing.ts';

/** Wraps the key of one object under a key that never leaves its keeper. */
export interface KeyWrapper {
  wrap(key: Buffer): Promise<string>;
  /** Throws when the wrapping key has gone or the wrapped key was altered: it fails closed. */
  unwrap(wrapped: string): Promise<Buffer>;
}

const CONTEXT = 'object-key';

/** Wraps under the data key: the local stack, and wherever no Key Vault key is configured. */
function dataKeyWrapper(dataKey: Buffer): KeyWrapper {
  return {
    wrap: async (key) => seal(dataKey, CONTEXT, key.toString('base64')),
    unwrap: async (wrapped) => Buffer.from(unseal(dataKey, CONTEXT, wrapped), 'base64'),
  };
}

const API_VERSION = '7.4';
const ALGORITHM = 'RSA-OAEP-256';
const PATIENCE_MS = 10_000;

/**
 * Wraps under a Key Vault key by the vault's REST interface, with the managed identity. A wrapped key names the key version that wrapped
 * it, so that keys rotate and old objects still open.
 */
function keyVaultWrapper(keyUrl: string, clientId: string | undefined): KeyWrapper {
  let token: { readonly value: string; readonly refreshAt: number } | undefined;

  async function bearer(): Promise<string> {
    if (!token || performance.now() > token.refreshAt) {
      const { ManagedIdentityCredential } = await import('@azure/identity');
      const credential = new ManagedIdentityCredential(clientId ? { clientId } : {});
      const { token: value } = await credential.getToken('https://vault.azure.net/.default');
      token = { value, refreshAt: performance.now() + 5 * 60_000 };
    }
    return token.value;
  }

  async function call(url: string, value: string): Promise<{ readonly kid: string; readonly value: string }> {
    const answer = await fetch(`${url}?api-version=${API_VERSION}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await bearer()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ alg: ALGORITHM, value }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`Key Vault answered ${answer.status}`);
    return (await answer.json()) as { kid: string; value: string };
  }

  return {
    async wrap(key) {
      const { kid, value } = await call(`${keyUrl}/wrapkey`, key.toString('base64url'));
      return `${Buffer.from(kid).toString('base64url')}.${value}`;
    },
    async unwrap(wrapped) {
      const [kid = '', value = ''] = wrapped.split('.');
      const version = Buffer.from(kid, 'base64url').toString();
      if (!version.startsWith(`${keyUrl}/`)) throw new Error('wrapped by another key');
      return Buffer.from((await call(`${version}/unwrapkey`, value)).value, 'base64url');
    },
  };
}

/** The wrapper that the settings name: `WRAPPING_KEY_URL` in Azure, the data key locally. */
export function keyWrapper(config: Pick<Config, 'dataKey' | 'wrappingKeyUrl' | 'identityClientId'>): KeyWrapper {
  return config.wrappingKeyUrl
    ? keyVaultWrapper(config.wrappingKeyUrl, config.identityClientId)
    : dataKeyWrapper(config.dataKey);
}
