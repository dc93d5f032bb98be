"""Suite 1: X25519 sealed boxes and secretstream (libsodium), AES-256-GCM, HKDF and HMAC with SHA-256, Ed25519.

Sources: RFC 7748, RFC 8032, RFC 5869, NIST SP 800-38D, libsodium crypto_box_seal and crypto_secretstream.
"""

import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl import bindings
from nacl.exceptions import CryptoError

from jiandu.base.sealing.errors import Unopenable


class International:
    """The suite of an installation that has not chosen another."""

    id = 1
    name = "X25519 · AES-256-GCM · SHA-256 · Ed25519"

    def new_private(self) -> bytes:
        """32 random bytes."""
        return secrets.token_bytes(bindings.crypto_box_SECRETKEYBYTES)

    def private_from(self, seed: bytes) -> bytes:
        """The private key that 48 derived bytes stand for."""
        return seed[: bindings.crypto_box_SECRETKEYBYTES]

    def public_of(self, private: bytes) -> bytes:
        """The public half. Raises ValueError for anything that is no private key."""
        if len(private) != bindings.crypto_box_SECRETKEYBYTES:
            raise ValueError("an X25519 key has 32 bytes")
        return bindings.crypto_scalarmult_base(private)

    def wrap(self, secret: bytes, public: bytes) -> bytes:
        """A secret sealed to a public key, by nobody in particular. Raises ValueError for a key that is none."""
        try:
            return bindings.crypto_box_seal(secret, public)
        except (CryptoError, TypeError) as error:
            raise ValueError("not an X25519 public key") from error

    def unwrap(self, wrap: bytes, private: bytes, public: bytes) -> bytes:
        """The secret in a wrap. Raises Unopenable."""
        try:
            return bindings.crypto_box_seal_open(wrap, public, private)
        except (CryptoError, TypeError, ValueError) as error:
            raise Unopenable from error

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, said: bytes) -> bytes:
        """Ciphertext and tag; `said` is authenticated beside it."""
        return AESGCM(key).encrypt(nonce, plain, said)

    def decrypt(self, key: bytes, nonce: bytes, data: bytes, said: bytes) -> bytes:
        """Raises Unopenable."""
        try:
            return AESGCM(key).decrypt(nonce, data, said)
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error

    def derive(self, secret: bytes, said: bytes, size: int = 32) -> bytes:
        """HKDF: a key of its own for each purpose."""
        return HKDF(algorithm=hashes.SHA256(), length=size, salt=None, info=said).derive(secret)

    def mac(self, key: bytes, text: bytes) -> bytes:
        """HMAC, 32 bytes."""
        made = hmac.HMAC(key, hashes.SHA256())
        made.update(text)
        return made.finalize()

    def digest(self, text: bytes) -> bytes:
        """The hash, 32 bytes."""
        made = hashes.Hash(hashes.SHA256())
        made.update(text)
        return made.finalize()

    def sign(self, private: bytes, text: bytes) -> bytes:
        """An Ed25519 signature; `private` is a signing seed of 32 bytes, not a key to seal to."""
        return ed25519.Ed25519PrivateKey.from_private_bytes(private).sign(text)

    def verify(self, public: bytes, text: bytes, signature: bytes) -> bool:
        """Whether the signature is that of the owner of this Ed25519 key."""
        try:
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True

    def writer(self, key: bytes) -> "Pusher":
        """Encrypts a stream, block by block."""
        return Pusher(key)

    def reader(self, key: bytes, head: bytes) -> "Puller":
        """Decrypts a stream that begins with this head."""
        return Puller(key, head)

    head_size = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
    block_overhead = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
    key_size = 32


class Pusher:
    """The writing end of a secretstream."""

    def __init__(self, key: bytes) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self.head = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)

    def push(self, plain: bytes, said: bytes, *, is_last: bool) -> bytes:
        """The next block."""
        tag = _LAST if is_last else _MORE
        return bindings.crypto_secretstream_xchacha20poly1305_push(self._state, plain, said, tag)


class Puller:
    """The reading end: blocks in their order, each once."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(self._state, head, key)
        except (CryptoError, TypeError, ValueError) as error:
            raise Unopenable from error

    def pull(self, data: bytes, said: bytes) -> tuple[bytes, bool]:
        """(the block, whether it is the last). Raises Unopenable."""
        try:
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, data, said)
        except (CryptoError, TypeError, ValueError) as error:
            raise Unopenable from error
        if tag not in {_LAST, _MORE}:
            raise Unopenable
        return plain, tag == _LAST


_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
