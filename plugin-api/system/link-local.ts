/**
 * True for a link-local address (169.254.0.0/16, fe80::/10), also for the IPv4 ones written as IPv6: there clouds keep the
 * credentials of a machine, so nothing that came from outside may lead to one. `hostname` as `URL` normalises it.
 */
export function isLinkLocal(hostname: string): boolean {
  if (/^169\.254\.\d+\.\d+\.?$/.test(hostname)) return true;
  return /^\[(?:fe[89ab][0-9a-f]:|(?:::ffff:|64:ff9b::|::)a9fe:)/.test(hostname.toLowerCase());
}
