"""SM2's public key from a private one (GB/T 32918.5 curve): the one thing that the library does not do for us."""

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
BITS, SIZE = 256, 32

Point = tuple[int, int, int]  # Jacobian; z = 0: the point at infinity


def private_from(seed: bytes) -> bytes:
    """A private key, even among all of them: 48 bytes leave no bias worth naming."""
    return (int.from_bytes(seed, "big") % (N - 2) + 1).to_bytes(SIZE, "big")


def public_of(private: bytes) -> bytes:
    """x ‖ y, 64 bytes. Raises ValueError outside 1 … n − 2."""
    scalar = int.from_bytes(private, "big")
    if len(private) != SIZE or not 0 < scalar < N - 1:
        raise ValueError("not an SM2 private key")
    low: Point = (1, 1, 0)
    high: Point = (*G, 1)
    for place in range(BITS - 1, -1, -1):  # a ladder: the same work for a 0 as for a 1
        both = _add(low, high)
        low, high = (both, _double(high)) if scalar >> place & 1 else (_double(low), both)
    x, y, z = low
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return (x * square % P).to_bytes(SIZE, "big") + (y * square * inverse % P).to_bytes(SIZE, "big")


def _double(point: Point) -> Point:
    x, y, z = point
    if not z:
        return point
    yy = y * y % P
    s = 4 * x * yy % P
    m = (3 * x * x + A * pow(z, 4, P)) % P
    x2 = (m * m - 2 * s) % P
    return x2, (m * (s - x2) - 8 * yy * yy) % P, 2 * y * z % P


def _add(one: Point, other: Point) -> Point:
    """Of two points that differ, or of which one is infinity: the ladder meets no others."""
    if not one[2] or not other[2]:
        return other if not one[2] else one
    (x1, y1, z1), (x2, y2, z2) = one, other
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * zz2 % P, x2 * zz1 % P
    s1, s2 = y1 * zz2 * z2 % P, y2 * zz1 * z1 % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x = (r * r - hhh - 2 * v) % P
    return x, (r * (v - x) - s1 * hhh) % P, z1 * z2 * h % P
