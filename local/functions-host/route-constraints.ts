/** Whether a route parameter's text is acceptable. */
export type RouteConstraint = (value: string) => boolean;

const INTEGER = /^\s*[+-]?\d+\s*$/;
const DECIMAL = /^\s*[+-]?(\d[\d,]*\.?\d*|\.\d+)\s*$/;
const FLOATING = /^\s*([+-]?(\d[\d,]*\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?infinity|[+-]?∞|nan)\s*$/i;
const GUID =
  /^\s*(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}|\([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\))\s*$/i;

const INT32 = { min: -(2n ** 31n), max: 2n ** 31n - 1n };
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/**
 * Makes the ASP.NET Core inline route constraint `name` or `name(argument)`.
 *
 * @throws Error for a name that ASP.NET does not know or an argument that it cannot take.
 */
export function createRouteConstraint(name: string, argument: string | undefined): RouteConstraint {
  const constraint = CONSTRAINTS.get(name.toLowerCase())?.(argument);
  if (constraint === undefined) {
    const text = argument === undefined ? name : `${name}(${argument})`;
    throw new Error(`The route constraint '${text}' does not exist or does not take that argument.`);
  }
  return constraint;
}

type ConstraintFactory = (argument: string | undefined) => RouteConstraint | undefined;

const FACTORIES: Readonly<Record<string, ConstraintFactory>> = {
  alpha: plain((value) => /^[a-z]*$/i.test(value)),
  bool: plain((value) => /^\s*(true|false)\s*$/i.test(value)),
  datetime: plain((value) => !Number.isNaN(Date.parse(value))),
  decimal: plain((value) => DECIMAL.test(value)),
  double: plain((value) => FLOATING.test(value)),
  float: plain((value) => FLOATING.test(value)),
  guid: plain((value) => GUID.test(value)),
  int: plain((value) => isInteger(value, INT32)),
  long: plain((value) => isInteger(value, INT64)),
  required: plain((value) => value !== ''),
  length: (argument) => {
    const [min, max = min] = integers(argument, 1, 2) ?? [];
    return min === undefined || max === undefined ? undefined : (value) => isWithin(BigInt(value.length), min, max);
  },
  minlength: (argument) => {
    const [min] = integers(argument, 1, 1) ?? [];
    return min === undefined ? undefined : (value) => value.length >= min;
  },
  maxlength: (argument) => {
    const [max] = integers(argument, 1, 1) ?? [];
    return max === undefined ? undefined : (value) => value.length <= max;
  },
  min: (argument) => {
    const [min] = integers(argument, 1, 1) ?? [];
    return min === undefined ? undefined : (value) => isInteger(value, { min, max: INT64.max });
  },
  max: (argument) => {
    const [max] = integers(argument, 1, 1) ?? [];
    return max === undefined ? undefined : (value) => isInteger(value, { min: INT64.min, max });
  },
  range: (argument) => {
    const [min, max] = integers(argument, 2, 2) ?? [];
    return min === undefined || max === undefined ? undefined : (value) => isInteger(value, { min, max });
  },
  regex: (argument) => {
    if (argument === undefined || argument === '') return undefined;
    const pattern = new RegExp(argument, 'i');
    return (value) => pattern.test(value);
  },
};

const CONSTRAINTS: ReadonlyMap<string, ConstraintFactory> = new Map(Object.entries(FACTORIES));

function plain(constraint: RouteConstraint): ConstraintFactory {
  return (argument) => (argument === undefined ? constraint : undefined);
}

function integers(argument: string | undefined, least: number, most: number): bigint[] | undefined {
  const parts = argument?.split(',') ?? [];
  if (parts.length < least || parts.length > most || !parts.every((part) => INTEGER.test(part))) return undefined;
  return parts.map((part) => BigInt(part.trim().replace(/^\+/, '')));
}

function isInteger(value: string, { min, max }: { min: bigint; max: bigint }): boolean {
  return INTEGER.test(value) && isWithin(BigInt(value.trim().replace(/^\+/, '')), min, max);
}

function isWithin(value: bigint, min: bigint, max: bigint): boolean {
  return value >= min && value <= max;
}
