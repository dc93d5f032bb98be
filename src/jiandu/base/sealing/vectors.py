"""Known answers: a suite that gives another one is not used. Run before a suite's first use in each process (≈ 2 ms).

SM3 GB/T 32905-2016 A.1, A.2; SM4 GB/T 32907-2016 A.1; SM4-GCM RFC 8998 A.1; SM2 GB/T 32918.5-2017 A.2, C.2; AES-256-GCM
McGrew and Viega, test case 16 (NIST SP 800-38D); Ed25519 RFC 8032 7.1 test 2; X25519 RFC 7748 5.2; HKDF RFC 5869 A.1.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from nacl import bindings

from jiandu.base.sealing.errors import Missing
from jiandu.base.sealing.guomi import Guomi
from jiandu.base.sealing.international import International
from jiandu.base.sealing.suites import Suite

SUITES: dict[int, Suite] = {made.id: made for made in (International(), Guomi())}


def self_test(number: int) -> None:
    """Raises Missing naming the vector that does not come out, or the library that is absent."""
    for name, holds in KNOWN[number].items():
        if not holds(SUITES[number]):
            raise Missing(
                f"密码算法自检失败，已停止使用：{name} · cryptographic self-test failed, the suite is not used: {name}"
            )


def _x25519(suite: Suite) -> bool:
    scalar, point = (
        _hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
        _hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
    )
    shared = bindings.crypto_scalarmult(scalar, point)
    return shared == _hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")


def _sealed_box(suite: Suite) -> bool:
    private = suite.private_from(bytes(range(1, 49)))
    public = suite.public_of(private)
    return suite.unwrap(suite.wrap(b"known answer", public), private, public) == b"known answer"


def _aes_gcm(suite: Suite) -> bool:
    key = _hex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce, said = _hex("cafebabefacedbaddecaf888"), _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = _hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    sealed = _hex(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
    return suite.encrypt(key, nonce, plain, said) == sealed and suite.decrypt(key, nonce, sealed, said) == plain


def _hkdf(suite: Suite) -> bool:
    """RFC 5869 A.3: no salt, no info, as we use it."""
    return suite.derive(b"\x0b" * 22, b"", 42) == _hex(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


def _ed25519(suite: Suite) -> bool:
    seed = _hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = _hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = _hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    return suite.sign(seed, b"\x72") == signature and suite.verify(public, b"\x72", signature)


def _sm3(suite: Suite) -> bool:
    short = _hex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    long = _hex("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
    return suite.digest(b"abc") == short and suite.digest(b"abcd" * 16) == long


def sm4(rounds: int) -> bytes:
    """The standard's block, encrypted so many times under the standard's key."""
    block = key = _hex("0123456789abcdeffedcba9876543210")
    made = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 -- the vector is of the bare block cipher
    for _ in range(rounds):
        block = made.update(block)
    return block


def _sm4_gcm(suite: Suite) -> bool:
    key, nonce = _hex("0123456789abcdeffedcba9876543210"), _hex("00001234567800000000abcd")
    plain = b"".join(bytes([byte]) * 8 for byte in _hex("aabbccddeeffeeaa"))
    said = _hex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = _hex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    return suite.encrypt(key, nonce, plain, said) == sealed and suite.decrypt(key, nonce, sealed, said) == plain


SM2_PRIVATE = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
SM2_PUBLIC = (
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)


def _sm2_decrypts(suite: Suite) -> bool:
    parts = (
        _number("04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"),
        _number("e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"),
        b"\x04\x20" + _hex("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"),
        b"\x04\x13" + _hex("21886ca989ca9c7d58087307ca93092d651efa"),
    )
    private, public = _hex(SM2_PRIVATE), _hex(SM2_PUBLIC)
    said = suite.unwrap(_sequence(*parts), private, public)
    return said == b"encryption standard" and suite.public_of(private) == public


def _sm2_verifies(suite: Suite) -> bool:
    signature = _sequence(
        _number("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
        _number("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"),
    )
    public = _hex(SM2_PUBLIC)
    return suite.verify(public, b"message digest", signature)


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _number(text: str) -> bytes:
    """A DER integer."""
    raw = _hex(text)
    raw = b"\x00" + raw if raw[0] & 0x80 else raw
    return b"\x02" + bytes([len(raw)]) + raw


def _sequence(*parts: bytes) -> bytes:
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return b"\x30" + size + body


Known = Callable[[Suite], bool]
KNOWN: dict[int, dict[str, Known]] = {
    1: {
        "X25519 RFC 7748": _x25519,
        "sealed box": _sealed_box,
        "AES-256-GCM NIST": _aes_gcm,
        "HKDF RFC 5869": _hkdf,
        "Ed25519 RFC 8032": _ed25519,
    },
    2: {
        "SM3 GB/T 32905": _sm3,
        "SM4 GB/T 32907": lambda suite: sm4(1) == _hex("681edf34d206965e86b3e94f536e4246"),
        "SM4-GCM RFC 8998": _sm4_gcm,
        "SM2 GB/T 32918.5 C.2": _sm2_decrypts,
        "SM2 GB/T 32918.5 A.2": _sm2_verifies,
        "SM2": _sealed_box,
    },
}
