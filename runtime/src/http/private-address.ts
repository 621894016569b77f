/** Networks that are not on the public internet: IANA's special-purpose address registries. */
const privateV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  // Multicast, reserved and broadcast.
  "224.0.0.0/3",
].map((network) => {
  const [address = "", bits = "32"] = network.split("/");
  return { start: toNumber(address), size: 2 ** (32 - Number(bits)) };
});

/**
 * Whether an IP address is private, loopback, link-local, unique-local, shared (CGNAT), multicast, unspecified, reserved,
 * or an IPv6 form of such an IPv4 address. Text that is not an address counts as private.
 */
export function isPrivateAddress(address: string): boolean {
  const [plain = ""] = address.replace(/^\[|\]$/g, "").split("%");
  return plain.includes(":") ? isPrivateV6(toGroups(plain)) : isPrivateV4(toNumber(plain));
}

function isPrivateV4(address: number): boolean {
  return !(address >= 0) || privateV4.some(({ start, size }) => address >= start && address < start + size);
}

/** Returns `NaN` if the text is not an IPv4 address. */
function toNumber(address: string): number {
  const bytes = address
    .split(".")
    .map((byte) => (/^\d{1,3}$/.test(byte) && Number(byte) < 256 ? Number(byte) : NaN));
  return bytes.length === 4 ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : NaN;
}

function isPrivateV6(groups: readonly number[]): boolean {
  if (groups.length !== 8 || groups.some((group) => !(group >= 0 && group < 0x1_0000))) return true;
  const [first = 0, second = 0, third = 0, , , sixth = 0, seventh = 0, eighth = 0] = groups;
  const embedded = seventh * 0x1_0000 + eighth;
  const isZero = groups.slice(0, 5).every((group) => group === 0);
  // IPv4-mapped and SIIT: `::ffff:1.2.3.4`, `::ffff:0:1.2.3.4`.
  if (isZero && sixth === 0xffff) return isPrivateV4(embedded);
  // NAT64: `64:ff9b::1.2.3.4`.
  if (first === 0x64 && second === 0xff9b && groups.slice(2, 6).every((group) => group === 0))
    return isPrivateV4(embedded);
  // 6to4: `2002:102:304::`.
  if (first === 0x2002) return isPrivateV4(second * 0x1_0000 + third);
  // Only 2000::/3 is global unicast; in it, 2001::/23 (Teredo and others) and the documentation networks are not.
  const isGlobal = first >> 13 === 1;
  const isSpecial = first === 0x2001 && (second < 0x200 || second === 0xdb8);
  return !isGlobal || isSpecial || first === 0x3fff;
}

/** The eight groups of an IPv6 address. */
function toGroups(address: string): readonly number[] {
  const [, head = address, tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  const v4 = tail === undefined ? NaN : toNumber(tail);
  const text =
    tail === undefined ? address : `${head}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  const [left = "", right, ...more] = text.split("::");
  const read = (part: string): readonly number[] =>
    part === ""
      ? []
      : part.split(":").map((group) => (/^[\da-f]{1,4}$/i.test(group) ? parseInt(group, 16) : NaN));
  const [before, after] = [read(left), read(right ?? "")];
  if (more.length > 0) return [];
  if (right === undefined) return before;
  return [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}
