import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { order, orderPrice } from '../src/handlers/order-price.ts';
import { price } from '../src/pricing.ts';
import { UNUSUAL_TOTAL } from '../src/story-orders.ts';
import { generateOrders } from './generate.ts';

const text = readFileSync(new URL('orders.jsonl', import.meta.url), 'utf8');
const rows = text
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { id: string; refundRequested?: boolean });
const valid = rows.flatMap((row) => order.safeParse(row).data ?? []);

test('the shipped orders are what the generator makes', () => {
  expect(text === generateOrders()).toBe(true);
});

test('ids are unique and in order', () => {
  expect(rows.map((row) => row.id)).toEqual(rows.map((_, at) => `ord-${String(at + 1).padStart(5, '0')}`));
});

test('18 orders break the schema, and 2 more name a discount that does not exist', () => {
  expect(rows.length - valid.length).toBe(18);
  expect(valid.filter((each) => ['SUMMER99', 'welcome10'].includes(each.discountCode ?? '')).length).toBe(2);
  expect(orderPrice.name).toBe('order.price');
});

test('a person sees the few large or returned orders and no others', () => {
  const large = valid.filter((each) => price(each.lines, 0).total >= UNUSUAL_TOTAL);
  const refunds = valid.filter((each) => each.refundRequested === true);
  expect(refunds.length).toBe(7);
  expect(large.length).toBe(6);
  expect(valid.every((each) => price(each.lines, 0.1).total > 0)).toBe(true);
});
