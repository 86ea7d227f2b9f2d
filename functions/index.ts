import { systemClock } from '../shared/platform/clock.ts';
import { readConfig } from '../shared/platform/config.ts';
import catalogue from './generated/catalogue.json' with { type: 'json' };
import type { Product } from './product.ts';
import { registerFunctions } from './register.ts';

/** What Azure loads: the product, on real time and the app settings. Settings that are wrong fail the boot. */
const config = readConfig(process.env);
let product: Promise<Product> | undefined;

const open = () => {
  product ??= import('./product.ts').then(({ openProduct }) => openProduct({ config, clock: systemClock }));
  return product;
};

registerFunctions(catalogue, open);
// While the host takes note of the functions the product loads; a first call that is quicker waits for the same load.
setImmediate(open);
