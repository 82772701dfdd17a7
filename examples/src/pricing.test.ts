import { expect, test } from 'vitest';
import { price, share, split } from './pricing.ts';

test('sums lines, taxes them by rate and rounds half up', () => {
  expect(
    price(
      [
        { quantity: 2, unitPrice: 1_050, taxRate: 0.19 },
        { quantity: 1, unitPrice: 650, taxRate: 0.07 },
      ],
      0,
    ),
  ).toEqual({
    subtotal: 2_750,
    discount: 0,
    tax: 445,
    total: 3_195,
    taxes: [
      { rate: 0.07, base: 650, tax: 46 },
      { rate: 0.19, base: 2_100, tax: 399 },
    ],
  });
});

test('takes a discount off every rate in proportion, to the last cent', () => {
  const priced = price(
    [
      { quantity: 1, unitPrice: 333, taxRate: 0.2 },
      { quantity: 1, unitPrice: 667, taxRate: 0.05 },
    ],
    0.075,
  );
  expect(priced.discount).toBe(75);
  expect(priced.taxes.reduce((sum, each) => sum + each.base, 0)).toBe(925);
  expect(priced.total).toBe(925 + priced.tax);
});

test('joins lines of one rate before rounding', () => {
  expect(
    price(
      Array.from({ length: 10 }, () => ({ quantity: 1, unitPrice: 3, taxRate: 0.05 })),
      0,
    ).tax,
  ).toBe(2);
});

test('is exact where floats are not', () => {
  expect(share(9_007_199_254_740_991, 1, 2)).toBe(4_503_599_627_370_496);
  expect(share(10_050, 1_000, 10_000)).toBe(1_005);
  expect(price([{ quantity: 3, unitPrice: 10, taxRate: 0.055 }], 0).tax).toBe(2);
});

test('splits nothing lost and nothing made', () => {
  expect(split(10, [1, 1, 1])).toEqual([4, 3, 3]);
  expect(split(5, [0, 0])).toEqual([0, 0]);
});

test('prices a gift at nothing', () => {
  expect(price([{ quantity: 1, unitPrice: 0, taxRate: 0.2 }], 0.1).total).toBe(0);
});
