/**
 * What an order costs, in whole minor units (cents, pence). Pure arithmetic on integers: no float takes part in a sum,
 * and every rounding is half up, once, where it is named. Prices are net; taxes come on top.
 */

/** One line of an order. `unitPrice` is in minor units, `taxRate` a fraction such as `0.19`. */
export interface PricedLine {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly taxRate: number;
}

/** The tax of all lines of one rate, on their share after the discount. */
export interface TaxOfRate {
  readonly rate: number;
  readonly base: number;
  readonly tax: number;
}

/** An order's sums in minor units: `total = subtotal - discount + tax`. */
export interface Price {
  readonly subtotal: number;
  readonly discount: number;
  readonly taxes: readonly TaxOfRate[];
  readonly tax: number;
  readonly total: number;
}

/** Ten-thousandths in one whole: rates and discounts are counted in these. */
const WHOLE = 10_000;

/** Prices the lines of an order; `discountRate` is a fraction of the subtotal. */
export function price(lines: readonly PricedLine[], discountRate: number): Price {
  const groups = [...netByRate(lines)].sort(([a], [b]) => a - b);
  const nets = groups.map(([, net]) => net);
  const subtotal = sum(nets);
  const discount = share(subtotal, inTenThousandths(discountRate), WHOLE);
  const discounts = split(discount, nets);
  const taxes = groups.map(([rate, net], at) => {
    const base = net - (discounts[at] ?? 0);
    return { rate: rate / WHOLE, base, tax: share(base, rate, WHOLE) };
  });
  const tax = sum(taxes.map((each) => each.tax));
  return { subtotal, discount, taxes, tax, total: subtotal - discount + tax };
}

function netByRate(lines: readonly PricedLine[]): Map<number, number> {
  const nets = new Map<number, number>();
  for (const line of lines) {
    const rate = inTenThousandths(line.taxRate);
    nets.set(rate, (nets.get(rate) ?? 0) + line.quantity * line.unitPrice);
  }
  return nets;
}

/** `amount * part / whole`, rounded half up. Exact by BigInt, for the product may pass 2^53. Nothing is negative here. */
export function share(amount: number, part: number, whole: number): number {
  const divisor = BigInt(whole);
  return Number((2n * BigInt(amount) * BigInt(part) + divisor) / (2n * divisor));
}

/** Splits an amount in proportion to weights so that the parts sum to it: cents left over go to the largest remainders. */
export function split(amount: number, weights: readonly number[]): readonly number[] {
  const whole = BigInt(sum(weights));
  if (whole === 0n) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const parts = exact.map((product) => Number(product / whole));
  const byRemainder = exact
    .map((product, at) => ({ at, rest: product % whole }))
    .sort((a, b) => (a.rest < b.rest ? 1 : a.rest > b.rest ? -1 : a.at - b.at));
  const left = amount - sum(parts);
  for (const { at } of byRemainder.slice(0, left)) parts[at] = (parts[at] ?? 0) + 1;
  return parts;
}

function inTenThousandths(fraction: number): number {
  return Math.round(fraction * WHOLE);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
