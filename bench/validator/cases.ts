/** What is validated: a flat object, an order as real ones are, and an array of 1,000 items; each once valid and once not. */
import type { Json, JsonObject } from '@errand/core/json';

export interface BenchCase {
  readonly name: string;
  readonly schema: JsonObject;
  readonly valid: Json;
  readonly invalid: Json;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const flat: BenchCase = {
  name: 'flat',
  schema: {
    $schema: DIALECT,
    type: 'object',
    required: ['name', 'age'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 100 },
      age: { type: 'integer', minimum: 0, maximum: 150 },
      email: { type: 'string' },
      active: { type: 'boolean' },
      score: { type: 'number' },
    },
  },
  valid: { name: 'Ada Lovelace', age: 36, email: 'ada@example.com', active: true, score: 9.5 },
  invalid: { name: 'Ada Lovelace', age: -1, email: 'ada@example.com', active: true, score: 9.5 },
};

const line: JsonObject = {
  type: 'object',
  required: ['sku', 'quantity', 'price'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', minLength: 3, maxLength: 20 },
    quantity: { type: 'integer', minimum: 1, maximum: 999 },
    price: { type: 'number', minimum: 0, multipleOf: 0.01 },
    discount: { type: 'number', minimum: 0, maximum: 1 },
    gift: { type: 'boolean' },
  },
};
const payment = (method: string, properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  required: ['method', ...required],
  properties: { method: { const: method }, ...properties },
});

const orderSchema: JsonObject = {
  $schema: DIALECT,
  type: 'object',
  required: ['id', 'customer', 'items', 'currency', 'total', 'payment'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^ord_[0-9a-z]{8,32}$' },
    createdAt: { type: 'string' },
    currency: { enum: ['EUR', 'USD', 'GBP'] },
    total: { type: 'number', minimum: 0 },
    note: { type: ['string', 'null'], maxLength: 500 },
    customer: {
      type: 'object',
      required: ['id', 'email'],
      additionalProperties: false,
      properties: {
        id: { type: 'string' },
        email: { type: 'string', minLength: 3 },
        name: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 10 },
      },
    },
    shippingAddress: { $ref: '#/$defs/address' },
    billingAddress: { $ref: '#/$defs/address' },
    items: { type: 'array', minItems: 1, maxItems: 200, items: line },
    payment: {
      oneOf: [
        payment('card', { last4: { type: 'string', pattern: '^[0-9]{4}$' } }, ['last4']),
        payment('transfer', { iban: { type: 'string', minLength: 15, maxLength: 34 } }, ['iban']),
        payment('cash', {}, []),
      ],
    },
    metadata: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
  },
  dependentRequired: { billingAddress: ['shippingAddress'] },
  $defs: {
    address: {
      type: 'object',
      required: ['street', 'city', 'zip', 'country'],
      additionalProperties: false,
      properties: {
        street: { type: 'string', minLength: 1 },
        city: { type: 'string', minLength: 1 },
        zip: { type: 'string', pattern: '^[0-9]{4,5}$' },
        country: { enum: ['DE', 'AT', 'CH', 'FR'] },
      },
    },
  },
};

const orderValue: JsonObject = {
  id: 'ord_0a1b2c3d4e5f',
  createdAt: '2026-01-01T00:00:00Z',
  currency: 'EUR',
  total: 130,
  note: null,
  customer: { id: 'cus_1', email: 'ada@example.com', name: 'Ada', tags: ['vip', 'b2b'] },
  shippingAddress: { street: 'Main Street 1', city: 'Berlin', zip: '10115', country: 'DE' },
  items: [
    { sku: 'ABC-1', quantity: 1, price: 99.99 },
    { sku: 'ABC-2', quantity: 2, price: 15, discount: 0.1 },
    { sku: 'GIFT-1', quantity: 1, price: 0, gift: true },
  ],
  payment: { method: 'transfer', iban: 'DE89370400440532013000' },
  metadata: { source: 'web', campaign: 42, test: false },
};

const order: BenchCase = {
  name: 'order',
  schema: orderSchema,
  valid: orderValue,
  invalid: { ...orderValue, currency: 'eur', customer: { id: 'cus_1' }, items: [{ sku: 'ABC-1', quantity: 0, price: 99.99 }] },
};

// A step of 0.5, for with 0.01 most engines refuse 1.1 and the like.
const item: JsonObject = {
  ...line,
  properties: { ...(line['properties'] as JsonObject), price: { type: 'number', minimum: 0, multipleOf: 0.5 } },
};
const items = Array.from({ length: 1_000 }, (_, index) => ({
  sku: `SKU-${index}`,
  quantity: 1 + (index % 9),
  price: (index % 100) + 0.5,
  discount: index % 3 === 0 ? 0.2 : 0.1,
  gift: index % 2 === 0,
}));

const array: BenchCase = {
  name: '1,000 items',
  schema: { $schema: DIALECT, type: 'array', maxItems: 2_000, items: item },
  valid: items,
  invalid: items.map((each, index) => (index === 500 ? { ...each, quantity: 0 } : each)),
};

export const CASES: readonly BenchCase[] = [flat, order, array];
