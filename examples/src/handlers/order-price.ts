/** `order.price@1`: what an order costs. Its input schema is strict, so that a faulty order is refused at submit with pointers. */
import { defineTask, NonRetryableError } from '@errand/executors/automated/define-task';
import { z } from 'zod';
import { price } from '../pricing.ts';

const MINOR_UNITS = z.number().int().min(0).max(100_000_000);

const orderLine = z.strictObject({
  sku: z.string().min(1).max(64),
  description: z.string().min(1).max(200),
  quantity: z.number().int().min(1).max(10_000),
  unitPrice: MINOR_UNITS,
  taxRate: z.number().min(0).max(0.5),
});

/** An order as the shop sends it. */
export const order = z.strictObject({
  id: z.string().regex(/^ord-[0-9]{5}$/),
  customer: z.string().min(1).max(200),
  country: z.string().regex(/^[A-Z]{2}$/),
  currency: z.enum(['EUR', 'USD', 'GBP']),
  lines: z.array(orderLine).min(1).max(100),
  discountCode: z.string().min(1).max(32).optional(),
  refundRequested: z.boolean().optional(),
});

/** What the order costs, in minor units of its currency. */
export const pricedOrder = z.strictObject({
  order: z.string(),
  currency: z.enum(['EUR', 'USD', 'GBP']),
  subtotal: z.number().int().min(0),
  discount: z.number().int().min(0),
  taxes: z.array(z.strictObject({ rate: z.number(), base: z.number().int(), tax: z.number().int() })),
  tax: z.number().int().min(0),
  total: z.number().int().min(0),
});

/** Discount codes in force, as fractions of the subtotal. */
const DISCOUNTS: ReadonlyMap<string, number> = new Map([
  ['WELCOME10', 0.1],
  ['BULK5', 0.05],
  ['LOYAL75', 0.075],
]);

export const orderPrice = defineTask({
  name: 'order.price',
  version: 1,
  title: 'Price an order',
  input: order,
  output: pricedOrder,
  async run(_ctx, input) {
    const rate = input.discountCode === undefined ? 0 : DISCOUNTS.get(input.discountCode);
    if (rate === undefined) {
      throw new NonRetryableError(`no discount has the code ${input.discountCode}`, { code: 'order.unknown_discount' });
    }
    const { taxes, ...sums } = price(input.lines, rate);
    return { order: input.id, currency: input.currency, ...sums, taxes: [...taxes] };
  },
});
