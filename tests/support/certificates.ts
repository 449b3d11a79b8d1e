/**
 * X.509 certificates made in the test: an authority, and what it issues for servers and clients. Written out in DER (RFC 5280),
 * P-256 and ECDSA with SHA-256, so that no program and no package has to be there.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly der: Buffer;
  /** As in `cnf.x5t#S256`. */
  readonly thumbprint: string;
}

export interface Authority extends Certificate {
  issue(name: string): Certificate;
}

export function authority(name: string): Authority {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const its = { name, key: pair.privateKey };
  return {
    ...certificate(name, pair, its, true),
    issue: (subject) => certificate(subject, generateKeyPairSync("ec", { namedCurve: "P-256" }), its, false),
  };
}

/** `:…:`, as a proxy writes it in `client-cert` (RFC 9440). */
export const clientCertHeader = ({ der }: Certificate): string => `:${der.toString("base64")}:`;

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function certificate(
  name: string,
  { publicKey, privateKey }: Pair,
  issuer: { readonly name: string; readonly key: KeyObject },
  isAuthority: boolean,
): Certificate {
  const body = tlv(
    SEQUENCE,
    tlv(0xa0, tlv(INTEGER, Buffer.from([2]))),
    tlv(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_SHA256,
    nameOf(issuer.name),
    tlv(SEQUENCE, time(-1), time(1)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, tlv(SEQUENCE, ...extensions(isAuthority))),
  );
  const signature = sign("sha256", body, issuer.key);
  const der = tlv(SEQUENCE, body, ECDSA_SHA256, tlv(BIT_STRING, Buffer.from([0]), signature));
  const base64 = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    der,
    thumbprint: createHash("sha256").update(der).digest("base64url"),
  };
}

const [SEQUENCE, SET, INTEGER, BIT_STRING, OCTET_STRING, OID, UTF8, TIME] = [
  ...[0x30, 0x31, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x18],
] as [number, number, number, number, number, number, number, number];

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const size = value.length.toString(16);
  const bytes = Buffer.from(size.padStart(size.length + (size.length % 2), "0"), "hex");
  const length = value.length < 128 ? bytes : Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
  return Buffer.concat([Buffer.from([tag]), length, value]);
}

const oid = (hex: string): Buffer => tlv(OID, Buffer.from(hex, "hex"));
/** 1.2.840.10045.4.3.2 */
const ECDSA_SHA256 = tlv(SEQUENCE, oid("2a8648ce3d040302"));
/** Common name, 2.5.4.3. */
const nameOf = (name: string): Buffer =>
  tlv(SEQUENCE, tlv(SET, tlv(SEQUENCE, oid("550403"), tlv(UTF8, Buffer.from(name)))));

function time(days: number): Buffer {
  const at = new Date(Date.now() + days * 86_400_000).toISOString();
  return tlv(TIME, Buffer.from(`${at.replace(/[-:T]/g, "").slice(0, 14)}Z`));
}

/** Basic constraints, 2.5.29.19; subject alternative name, 2.5.29.17: `localhost` and 127.0.0.1. */
function extensions(isAuthority: boolean): readonly Buffer[] {
  const constraints = tlv(SEQUENCE, ...(isAuthority ? [tlv(0x01, Buffer.from([0xff]))] : []));
  const names = tlv(SEQUENCE, tlv(0x82, Buffer.from("localhost")), tlv(0x87, Buffer.from([127, 0, 0, 1])));
  return [
    tlv(SEQUENCE, oid("551d13"), tlv(OCTET_STRING, constraints)),
    tlv(SEQUENCE, oid("551d11"), tlv(OCTET_STRING, names)),
  ];
}
