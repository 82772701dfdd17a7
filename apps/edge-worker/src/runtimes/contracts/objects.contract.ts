/** What callers may rely on of objects by name: Durable Objects, or the local ones. */
import assert from 'node:assert/strict';
import { eventually, type Contract, type ContractCase } from './contract.ts';
import type { Probe } from './probe.ts';

/** What may be asked of a probe. */
export type ProbeFace = Omit<Probe, 'alarm'>;

export interface ObjectsPort {
  /** Names are the port's own: no two cases share an object. */
  get(name: string): ProbeFace;
  /** Takes the object out of memory, as idleness or a crash of its machine does. */
  unload(name: string): Promise<void>;
}

const cases: ContractCase<ObjectsPort>[] = [];
const alarms: ContractCase<ObjectsPort>[] = [];
const rule = (text: string, run: (objects: ObjectsPort) => Promise<void>): void => void cases.push({ rule: text, run });
const alarmRule = (text: string, run: (objects: ObjectsPort) => Promise<void>): void => void alarms.push({ rule: text, run });

rule('the same name is the same object, another name another one', async (objects) => {
  await objects.get('a').put('k', 'of a');
  assert.equal(await objects.get('a').get('k'), 'of a');
  assert.equal(await objects.get('b').get('k'), null);
  assert.equal((await objects.get('a').identity()).instance, (await objects.get('a').identity()).instance);
  assert.notEqual((await objects.get('a').identity()).instance, (await objects.get('b').identity()).instance);
});

rule('an object knows its name, whatever characters it has', async (objects) => {
  for (const name of ['default/0/ledger/0', 'Default/0/ledger/0', 'a.b/0/ledger/0', 'ä 😀%2F/0/inbox/0', '../up/0/ledger/0']) {
    const identity = await objects.get(name).identity();
    assert.ok(identity.name.endsWith(name));
    await objects.get(name).put('k', name);
  }
  assert.equal(await objects.get('default/0/ledger/0').get('k'), 'default/0/ledger/0');
});

rule('calls at the same time reach one instance and run side by side', async (objects) => {
  const seen = await Promise.all(Array.from({ length: 5 }, () => objects.get('a').overlap(50)));
  assert.equal(Math.max(...seen), 5);
});

rule('a call that throws rejects, with its message, and the object goes on', async (objects) => {
  await assert.rejects(objects.get('a').fail('on demand'), /on demand/);
  await objects.get('a').put('k', 'v');
  assert.equal(await objects.get('a').get('k'), 'v');
});

rule('what was stored is there after the object was unloaded', async (objects) => {
  const before = await objects.get('a').identity();
  await objects.get('a').put('k', 'kept');
  await objects.unload('a');
  assert.equal(await objects.get('a').get('k'), 'kept');
  assert.notEqual((await objects.get('a').identity()).instance, before.instance);
});

alarmRule('an alarm rings once, and never early', async (objects) => {
  const object = objects.get('a');
  const at = await object.arm(120);
  await eventually('the alarm rings', async () => (await object.rings()).length > 0);
  await new Promise((done) => setTimeout(done, 150));
  const rings = await object.rings();
  assert.equal(rings.length, 1);
  assert.ok((rings[0] ?? 0) >= at, `rang at ${rings[0]}, armed for ${at}`);
});

alarmRule('an alarm in the past rings at once', async (objects) => {
  const object = objects.get('a');
  await object.arm(-60_000);
  await eventually('the alarm rings', async () => (await object.rings()).length > 0);
});

alarmRule('an alarm set again takes the place of the one before, earlier or later', async (objects) => {
  const object = objects.get('a');
  await object.arm(80);
  const at = await object.arm(300);
  await eventually('the alarm rings', async () => (await object.rings()).length > 0);
  assert.ok(((await object.rings())[0] ?? 0) >= at);
  await object.arm(600_000);
  await object.arm(50);
  await eventually('the alarm rings again', async () => (await object.rings()).length > 1);
});

alarmRule('an alarm may set the next one', async (objects) => {
  const object = objects.get('a');
  await object.rearmInAlarm(100);
  await object.arm(20);
  await eventually('it rings twice', async () => (await object.rings()).length === 2);
  const [first = 0, second = 0] = await object.rings();
  assert.ok(second - first >= 100);
});

alarmRule('an alarm that throws is tried again', async (objects) => {
  const object = objects.get('a');
  await object.failNextAlarm();
  await object.arm(20);
  await eventually('the alarm rings', async () => (await object.rings()).length === 1, 10_000);
});

alarmRule('an alarm rings although its object was unloaded', async (objects) => {
  const at = await objects.get('a').arm(400);
  await objects.unload('a');
  await new Promise((done) => setTimeout(done, 700));
  const rings = await objects.get('a').rings();
  assert.equal(rings.length, 1);
  assert.ok((rings[0] ?? 0) >= at);
});

alarmRule('alarms of many objects ring, each its own', async (objects) => {
  const names = Array.from({ length: 40 }, (_, i) => `many-${i}`);
  await Promise.all(names.map((name, i) => objects.get(name).arm(50 + i)));
  await eventually('all ring', async () => {
    const rings = await Promise.all(names.map((name) => objects.get(name).rings()));
    return rings.every((times) => times.length === 1);
  });
});

export const OBJECTS_CONTRACT: Contract<ObjectsPort> = { port: 'objects', cases };
export const ALARM_CONTRACT: Contract<ObjectsPort> = { port: 'alarm', cases: alarms };
