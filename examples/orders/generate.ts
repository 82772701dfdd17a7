/**
 * Makes `orders.jsonl`, always the same: some hundreds of orders as a shop would send them, a few faulty in many ways
 * and a few that a person should look at. `--check` compares the file with what would be written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Order = Record<string, unknown> & { id: string; lines: Record<string, unknown>[] };

const COUNT = 320;
const SEED = 20_260_701;
const FILE = fileURLToPath(new URL('orders.jsonl', import.meta.url));

const COUNTRIES = [
  { country: 'DE', currency: 'EUR', rates: [0.19, 0.07] },
  { country: 'FR', currency: 'EUR', rates: [0.2, 0.055] },
  { country: 'IE', currency: 'EUR', rates: [0.23, 0.135] },
  { country: 'GB', currency: 'GBP', rates: [0.2, 0.05, 0] },
  { country: 'US', currency: 'USD', rates: [0.0825, 0.06, 0] },
] as const;
const GOODS = [
  ['LMP-014', 'Desk lamp, brass', 6_490],
  ['CHR-202', 'Oak chair', 18_900],
  ['MUG-007', 'Stoneware mug', 1_450],
  ['BOK-311', 'Field guide to mosses', 2_795],
  ['TEA-055', 'Darjeeling, first flush, 100 g', 1_890],
  ['RUG-120', 'Wool rug 120 x 180', 24_900],
  ['PEN-031', 'Fountain pen, fine nib', 8_999],
  ['SOP-003', 'Olive soap, three bars', 995],
  ['CLK-077', 'Wall clock', 5_450],
  ['JAM-019', 'Quince jam', 649],
  ['BLN-400', 'Linen blanket', 11_900],
  ['KTL-008', 'Enamel kettle', 4_295],
] as const;
const FIRST_NAMES = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Femi',
  'Greta',
  'Hana',
  'Ines',
  'Jonas',
  'Keiko',
  'Liam',
  'Maeve',
  'Nils',
  'Oona',
  'Priya',
];
const LAST_NAMES = [
  'Abbott',
  'Brandt',
  'Conti',
  'Duval',
  'Eriksen',
  'Fischer',
  'Garnier',
  'Hughes',
  'Ibrahim',
  'Jensen',
  'Kowalski',
  'Lindqvist',
  'Moreau',
  "O'Neill",
  'Sørensen',
  'Weiß',
];
const CODES = ['WELCOME10', 'BULK5', 'LOYAL75'];

/** Each makes an order faulty in its own way. All but the last two break the schema; those fail when priced. */
const FAULTS: readonly ((order: Order, line: Record<string, unknown>) => void)[] = [
  (_order, line) => {
    line['quantity'] = -2;
  },
  (order) => {
    delete (order as Record<string, unknown>)['lines'];
  },
  (order) => {
    order['currency'] = 'DOGE';
  },
  (_order, line) => {
    line['unitPrice'] = '12.90';
  },
  (order) => {
    order['couponCode'] = 'WELCOME10';
  },
  (order) => {
    order['customer'] = '';
  },
  (order) => {
    order.lines = [];
  },
  (_order, line) => {
    line['quantity'] = 1.5;
  },
  (_order, line) => {
    line['taxRate'] = 19;
  },
  (order) => {
    order['country'] = 'Germany';
  },
  (_order, line) => {
    delete line['sku'];
  },
  (order) => {
    order['customer'] = null;
  },
  (_order, line) => {
    line['unitPrice'] = -500;
  },
  (_order, line) => {
    line['quantity'] = null;
    line['colour'] = 'green';
  },
  (order) => {
    delete order['currency'];
  },
  (order) => {
    order.lines = 'see attachment' as unknown as Record<string, unknown>[];
  },
  (_order, line) => {
    line['unitPrice'] = 18.99;
  },
  (order) => {
    order['refundRequested'] = 'yes';
  },
  (order) => {
    order['discountCode'] = 'SUMMER99';
  },
  (order) => {
    order['discountCode'] = 'welcome10';
  },
];

/** All orders as the file has them, one JSON text a line. */
export function generateOrders(): string {
  const random = seeded(SEED);
  const orders = Array.from({ length: COUNT }, (_, at) => plausibleOrder(at + 1, random));
  FAULTS.forEach((spoil, at) => {
    const order = orders[5 + at * 16];
    const line = order?.lines[0];
    if (order && line) spoil(order, line);
  });
  for (let at = 12; at < COUNT; at += 24) makeSuspicious(orders[at], at % 48 === 12);
  return orders.map((order) => `${JSON.stringify(order)}\n`).join('');
}

function plausibleOrder(number: number, random: () => number): Order {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const { country, currency, rates } = pick(COUNTRIES);
  const lines = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const [sku, description, unitPrice] = pick(GOODS);
    return { sku, description, quantity: 1 + Math.floor(random() * random() * 5), unitPrice, taxRate: pick(rates) };
  });
  const order: Order = {
    id: `ord-${String(number).padStart(5, '0')}`,
    customer: `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}`,
    country,
    currency,
    lines,
  };
  if (random() < 0.2) order['discountCode'] = pick(CODES);
  return order;
}

/** A person should see it: either somebody wants money back, or the sum is far above the usual. */
function makeSuspicious(order: Order | undefined, refund: boolean): void {
  if (order === undefined) return;
  if (refund) order['refundRequested'] = true;
  else order.lines.push({ sku: 'RUG-120', description: 'Wool rug 120 x 180', quantity: 60, unitPrice: 24_900, taxRate: 0.2 });
}

/** A small generator of numbers in [0, 1) (mulberry32), for `Math.random` cannot be seeded. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) writeFileSync(FILE, generateOrders());
  else if (readFileSync(FILE, 'utf8') !== generateOrders()) {
    console.error('orders.jsonl differs from what generate.ts makes; run it without --check');
    process.exitCode = 1;
  }
}
