import { describe, expect, it } from 'vitest';
import { createEgressGuard, isPublicAddress, parseAllowedHosts } from './egress.ts';

const guard = createEgressGuard([]);

function allowing(text: string) {
  const parsed = parseAllowedHosts(text);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return createEgressGuard(parsed.hosts);
}

describe('the egress guard', () => {
  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fec0::1]/',
    'https://[fd00::1]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[5f00::1]/',
    'https://[ff02::1]/',
    'https://[4000::1]/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://100.64.0.1/',
    'https://192.0.0.1/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://198.51.100.1/',
    'https://203.0.113.1/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://①②⑦.⓪.⓪.①/',
    'http://example.com/',
    'https://example.com:25/',
    'https://user:pass@example.com/',
    'https://example.com@127.0.0.1/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:1',
    'https://',
    '//example.com/',
    'nonsense',
    '',
  ])('refuses %s', (url) => {
    expect(guard.checkUrl(url)).toMatchObject({ ok: false });
  });

  it.each(['https://example.com/', 'https://example.com:8443/x?y', 'https://93.184.215.14/', 'https://[2606:4700::1111]/'])(
    'lets %s through',
    (url) => {
      expect(guard.checkUrl(url)).toMatchObject({ ok: true });
    },
  );

  it('lets an allowed host through on its port alone, over http too', () => {
    const guard = allowing('127.0.0.1:9000, localhost:*,[::1]:7, printer.local');
    for (const url of [
      'http://127.0.0.1:9000/',
      'http://2130706433:9000/',
      'https://127.0.0.1:9000/',
      'http://localhost:1/',
      'http://[::1]:7/',
      'http://printer.local/',
    ])
      expect([url, guard.checkUrl(url).ok]).toEqual([url, true]);
    for (const url of [
      'http://127.0.0.1:9001/',
      'http://127.0.0.1/',
      'http://[::ffff:127.0.0.1]:9000/',
      'http://[::1]:8/',
      'http://printer.local:81/',
      'http://user@127.0.0.1:9000/',
    ])
      expect([url, guard.checkUrl(url).ok]).toEqual([url, false]);
  });

  it('judges a name by what it resolves to', () => {
    const url = new URL('https://rebind.example.com/');
    expect(guard.checkAddress(url, '93.184.215.14')).toBeUndefined();
    for (const address of ['127.0.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0', 'nonsense', ''])
      expect(guard.checkAddress(url, address)).toBeDefined();
    expect(allowing('rebind.example.com').checkAddress(url, '127.0.0.1')).toBeUndefined();
  });

  it('calls an address public only when it is one', () => {
    expect(['1.1.1.1', '2606:4700::1111'].every(isPublicAddress)).toBe(true);
    expect(['0.1.2.3', '192.88.99.1', '2001:10::1', '100::1'].some(isPublicAddress)).toBe(false);
  });
});

describe('allowed hosts', () => {
  it.each(['a b', 'http://x', 'host:0', 'host:65536', 'host:x', 'u@host', '[::1', 'host/path', '*'])('refuses "%s"', (text) => {
    expect(parseAllowedHosts(text)).toHaveProperty('fault');
  });
});
