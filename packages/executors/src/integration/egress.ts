/**
 * Where outbound calls may go: by https to public addresses, and to the hosts that the operator allows. Callers choose URLs, so
 * without this they could reach the operator's own network. A URL is judged as parsed, so that no spelling of an address gets
 * around it. A host name is judged once more, by the addresses that it resolves to, when a runtime connects.
 */
import ipaddr from 'ipaddr.js';

/** A host that outbound calls may reach although it is private, also over http. */
export interface AllowedHost {
  /** As a parsed URL writes it: lower case, IPv6 in brackets, addresses in their one canonical spelling. */
  readonly host: string;
  /** `undefined` allows only the scheme's default port, `*` every port. */
  readonly port: number | '*' | undefined;
}

/** A URL that may be called, or why not: the end of a sentence about it. */
export type Destination = { readonly ok: true; readonly url: URL } | { readonly ok: false; readonly detail: string };

export interface EgressGuard {
  /** Judges a URL before it is called. */
  checkUrl(text: string): Destination;
  /** Judges an IP address that the URL's host resolved to. Gives the reason why it is refused, or `undefined`. */
  checkAddress(url: URL, address: string): string | undefined;
}

/** Names that never leave a machine or a site, whatever a resolver says. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|localdomain|home\.arpa|test|invalid|onion)$/;
/**
 * IPv6 ranges whose addresses carry an IPv4 address and may be routed to it (mapped, NAT64, 6to4, Teredo). `ipaddr.js` calls some of
 * them `unicast`.
 */
const DENIED_RANGES = ['::/96', '64:ff9b::/96', '2002::/16', '2001::/32'].map((range) => ipaddr.IPv6.parseCIDR(range));
/** Ports below this, but for the scheme's own, belong to other protocols, which an HTTP request could be made to speak to. */
const FIRST_FREE_PORT = 1_024;
/** The part of IPv6 from which public addresses are given out (RFC 4291). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Reads the setting: `host`, `host:port` or `host:*`, separated by commas. One entry that is none of these refuses the whole. */
export function parseAllowedHosts(text: string): { readonly hosts: readonly AllowedHost[] } | { readonly fault: string } {
  const hosts: AllowedHost[] = [];
  for (const [i, part] of text.split(',').entries()) {
    const entry = part.trim();
    if (entry === '') continue;
    const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@[\]?#*]+)(?::(\d{1,5}|\*))?$/.exec(entry);
    const url = match === null ? null : URL.parse(`http://${match[1]}/`);
    const port = match?.[2] === undefined || match[2] === '*' ? match?.[2] : Number(match[2]);
    if (url === null || (typeof port === 'number' && (port < 1 || port > 65_535)))
      return { fault: `entry ${i + 1} is not host, host:port or host:*` };
    hosts.push({ host: url.hostname, port: port as AllowedHost['port'] });
  }
  return { hosts };
}

/** A guard that lets through public addresses by https, and `allowed` hosts by http, too. */
export function createEgressGuard(allowed: readonly AllowedHost[]): EgressGuard {
  const isAllowed = (url: URL): boolean =>
    allowed.some(({ host, port }) => host === url.hostname && (port === '*' || portOf(url) === (port ?? defaultPortOf(url))));
  return {
    checkUrl(text) {
      const url = URL.parse(text);
      if (url === null) return { ok: false, detail: 'is not a URL' };
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, detail: 'must begin with https://' };
      if (url.username !== '' || url.password !== '') return { ok: false, detail: 'must not hold a user name or a password' };
      if (isAllowed(url)) return { ok: true, url };
      const refused = refusalOf(url);
      return refused === undefined ? { ok: true, url } : { ok: false, detail: refused };
    },
    checkAddress: (url, address) =>
      isAllowed(url) || isPublicAddress(address) ? undefined : `${url.hostname} leads to an address that is not public`,
  };
}

/** The guard for the setting as it is written. Throws where it cannot be read, which the service has checked at its start. */
export function egressGuardOf(allowed: string): EgressGuard {
  const parsed = parseAllowedHosts(allowed);
  if ('fault' in parsed) throw new Error(`ERRAND_EGRESS_ALLOW: ${parsed.fault}`);
  return createEgressGuard(parsed.hosts);
}

/** Says whether an IP address belongs to the public Internet. Anything that is no address does not. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  if (!(address instanceof ipaddr.IPv6)) return true;
  return address.match(GLOBAL_UNICAST) && !DENIED_RANGES.some((range) => address.match(range));
}

/** The port of a URL, spelled out or its scheme's own. */
function portOf(url: URL): number {
  return url.port === '' ? defaultPortOf(url) : Number(url.port);
}

function refusalOf(url: URL): string | undefined {
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (url.port !== '' && Number(url.port) < FIRST_FREE_PORT) return 'names a port where no web server is';
  // With a trailing dot the name is the same host, and would compare as another.
  const host = url.hostname.replace(/\.$/, '');
  const address = addressIn(host);
  if (address !== undefined) return isPublicAddress(address) ? undefined : 'leads to an address that is not public';
  if (host === '' || !host.includes('.') || LOCAL_NAMES.test(host)) return 'names a host that is not public';
  return undefined;
}

/** The IP address in a host, when it is one. The URL parser has written it: IPv6 in brackets, IPv4 as four decimal numbers. */
function addressIn(host: string): string | undefined {
  if (host.startsWith('[')) return host.slice(1, -1);
  return ipaddr.IPv4.isValidFourPartDecimal(host) ? host : undefined;
}

function defaultPortOf(url: URL): number {
  return url.protocol === 'https:' ? 443 : 80;
}
