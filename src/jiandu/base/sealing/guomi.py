"""Suite 2, 国密: SM2 (GB/T 32918), SM4-GCM (RFC 8998), SM3 (GB/T 32905) with HMAC and HKDF on it.

SM3 and SM4 are those of `cryptography`; SM2 is that of the extra `jiandu[gm]`. A library is no certified module
(商用密码产品认证): for 密评 suite 3 is reserved for an adapter to a cryptographic device.
"""

import secrets
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jiandu.base.sealing import curve
from jiandu.base.sealing.errors import Missing, Unopenable

TAG = 16  # bytes
LONGEST_SECRET = 255  # bytes that one SM2 ciphertext of the library holds


@cache
def _sm2() -> Any:
    try:
        import gmssl_pyx  # noqa: PLC0415 -- optional: the extra `gm`
    except ImportError as error:
        raise Missing(
            "国密算法库未安装：pip install 'jiandu[gm]' · the SM2 library is not installed: pip install 'jiandu[gm]'"
        ) from error
    return gmssl_pyx


class Guomi:
    """The Chinese national suite."""

    id = 2
    name = "SM2 · SM4-GCM · SM3"

    def new_private(self) -> bytes:
        """A random private key."""
        return curve.private_from(secrets.token_bytes(48))

    def private_from(self, seed: bytes) -> bytes:
        """The private key that 48 derived bytes stand for."""
        return curve.private_from(seed)

    def public_of(self, private: bytes) -> bytes:
        """The public half, x ‖ y. Raises ValueError for anything that is no private key."""
        return curve.public_of(private)

    def wrap(self, secret: bytes, public: bytes) -> bytes:
        """A secret encrypted to a public key (DER, C1C3C2). Raises ValueError for a key that is none."""
        try:
            return bytes(_sm2().sm2_encrypt(public, secret))
        except _sm2().GmsslInnerError as error:
            raise ValueError("not an SM2 public key") from error

    def unwrap(self, wrap: bytes, private: bytes, public: bytes) -> bytes:
        """The secret in a wrap; the library checks C3. Raises Unopenable."""
        try:
            return bytes(_sm2().sm2_decrypt(private, wrap))
        except _sm2().GmsslInnerError as error:
            raise Unopenable from error

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, said: bytes) -> bytes:
        """Ciphertext and tag; `said` is authenticated beside it."""
        made = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(said)
        return made.update(plain) + made.finalize() + made.tag

    def decrypt(self, key: bytes, nonce: bytes, data: bytes, said: bytes) -> bytes:
        """Raises Unopenable."""
        if len(data) < TAG:
            raise Unopenable
        made = Cipher(algorithms.SM4(key), modes.GCM(nonce, data[-TAG:])).decryptor()
        made.authenticate_additional_data(said)
        try:
            return made.update(data[:-TAG]) + made.finalize()
        except InvalidTag as error:
            raise Unopenable from error

    def derive(self, secret: bytes, said: bytes, size: int = 32) -> bytes:
        """HKDF with SM3: a key of its own for each purpose."""
        return HKDF(algorithm=hashes.SM3(), length=size, salt=None, info=said).derive(secret)

    def mac(self, key: bytes, text: bytes) -> bytes:
        """HMAC-SM3, 32 bytes."""
        made = hmac.HMAC(key, hashes.SM3())
        made.update(text)
        return made.finalize()

    def digest(self, text: bytes) -> bytes:
        """SM3, 32 bytes."""
        made = hashes.Hash(hashes.SM3())
        made.update(text)
        return made.finalize()

    def sign(self, private: bytes, text: bytes) -> bytes:
        """An SM2 signature under the default identity (GB/T 35276)."""
        return bytes(_sm2().sm2_sign(private, self.public_of(private), text))

    def verify(self, public: bytes, text: bytes, signature: bytes) -> bool:
        """Whether the signature is that of the owner of this key."""
        try:
            return bool(_sm2().sm2_verify(public, text, signature))
        except _sm2().GmsslInnerError:
            return False

    def writer(self, key: bytes) -> "Blocks":
        """Encrypts a stream, block by block."""
        return Blocks(self, key, secrets.token_bytes(PREFIX))

    def reader(self, key: bytes, head: bytes) -> "Blocks":
        """Decrypts a stream that begins with this head."""
        return Blocks(self, key, head)

    block_overhead = TAG
    key_size = 16

    @property
    def head_size(self) -> int:
        """Bytes before the first block."""
        return PREFIX


PREFIX = 7  # random bytes of each nonce; then four that count the block, and one that marks the last


class Blocks:
    """The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): nonce = prefix ‖ number ‖ whether last."""

    def __init__(self, suite: Guomi, key: bytes, head: bytes) -> None:
        self._suite, self._key, self.head, self._number = suite, key, head, 0

    def push(self, plain: bytes, said: bytes, *, is_last: bool) -> bytes:
        """The next block."""
        return self._suite.encrypt(self._key, self._nonce(is_last=is_last), plain, said)

    def pull(self, data: bytes, said: bytes) -> tuple[bytes, bool]:
        """(the block, whether it is the last). Raises Unopenable."""
        number = self._number
        try:
            return self._suite.decrypt(self._key, self._nonce(is_last=False), data, said), False
        except Unopenable:
            self._number = number
        return self._suite.decrypt(self._key, self._nonce(is_last=True), data, said), True

    def _nonce(self, *, is_last: bool) -> bytes:
        made = self.head + self._number.to_bytes(4, "big") + bytes([is_last])
        self._number += 1
        return made
