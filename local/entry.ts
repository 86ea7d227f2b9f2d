import { catalogueOf } from '../functions/catalogue.ts';
import { openProduct } from '../functions/product.ts';
import { registerFunctions } from '../functions/register.ts';
import { readConfig } from '../shared/platform/config.ts';
import { hostClock } from './functions-host/host-clock.ts';

/**
 * What the local Functions host loads: the very registrations that Azure sees, on the clock that the control port moves. The catalogue is made from
 * the product as it stands, so that a new endpoint is there at once.
 */
const product = openProduct({ config: readConfig(process.env), clock: hostClock });
registerFunctions(await catalogueOf(product), async () => product);
