"""Tier F: single columns encrypted under a keyring that lies apart from the database; and blind indexes for exact search.

`EncryptedText` seals a value to its row: AAD = table ‖ uid ‖ column, so that a value copied into another row or column does
not open. The uid is known only where the row is, not where Django converts a column: the row is sealed in `pre_save`, and
opened by the attribute when it is read. So a query never carries a plain value: `filter`, `update` and `bulk_update` of such a column are
refused, `values()` gives the sealed text. To search, keep `blind(…)` beside it.
"""

import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.keyring import Keyring, keyring

NONCE = 12
VERSION = "f1"


class Sealed(str):
    """A column as it is stored: f1:key id:nonce and ciphertext."""

    __slots__ = ()


def seal_text(text: str, *, table: str, uid: object, column: str, ring: Keyring | None = None) -> Sealed:
    """The text, sealed to its place under the newest key of the keyring."""
    used = ring or keyring()
    nonce = token_bytes(NONCE)
    cipher = _cipher(used.keys[used.newest], table, column)
    data = nonce + cipher.encrypt(nonce, text.encode(), _place(table, uid, column))
    return Sealed(f"{VERSION}:{used.newest}:{urlsafe_b64encode(data).decode()}")


def open_text(sealed: str, *, table: str, uid: object, column: str, ring: Keyring | None = None) -> str:
    """The text. Raises Unopenable in another place, under a lost key, or altered."""
    used = ring or keyring()
    version, _, rest = sealed.partition(":")
    number, _, text = rest.partition(":")
    try:
        if version != VERSION:
            raise Unopenable
        data = urlsafe_b64decode(text)
        if urlsafe_b64encode(data).decode() != text:  # of several spellings of the same bytes one is ours
            raise Unopenable
        cipher = _cipher(used.keys[int(number)], table, column)
        return cipher.decrypt(data[:NONCE], data[NONCE:], _place(table, uid, column)).decode()
    except (InvalidTag, ValueError, KeyError) as error:
        raise Unopenable from error


def is_under_newest(sealed: str) -> bool:
    """Whether a rotation has reached it."""
    return sealed.startswith(f"{VERSION}:{keyring().newest}:")


def blind(value: str, *, key: bytes, purpose: str) -> bytes:
    """32 bytes by which equal values are found without being read: HMAC under a key of its own, after normalisation.

    Width, case, blanks and punctuation do not count (张 三 = 张三, １３８ = 138).
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    plain = "".join(char for char in folded if unicodedata.category(char)[0] not in {"Z", "P", "C"})
    return digest(key, purpose.encode() + b"\x00" + plain.encode(), sha256)


class EncryptedText(models.TextField[str, str]):
    """A text that the database cannot read. The model has a `uid`."""

    description = "text sealed to its row"

    @property
    def descriptor_class(self) -> type[DeferredAttribute]:  # type: ignore[override]
        return _Opening

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        names = {field.name for field in self.model._meta.get_fields()}
        lacking = (
            []
            if "uid" in names
            else [checks.Error("EncryptedText needs a model with a uid", obj=self, id="sealing.E001")]
        )
        return [*super().check(**kwargs), *lacking]

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        held = model_instance.__dict__.get(self.attname)
        if held is None or held == "" or isinstance(held, Sealed):
            return held
        return seal_text(str(held), table=self._table, uid=model_instance.uid, column=self.name)  # type: ignore[attr-defined]

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "" or isinstance(value, Sealed):
            return None if value is None else str(value)
        raise TypeError(
            f"{self.model.__name__}.{self.name} is sealed to its row: save the row; search by a blind index"
        )

    @property
    def _table(self) -> str:
        return str(self.model._meta.db_table)

    def opened(self, sealed: Sealed, row: models.Model) -> str:
        """The text of a stored value."""
        return open_text(sealed, table=self._table, uid=row.uid, column=self.name)  # type: ignore[attr-defined]


class _Opening(DeferredAttribute):
    """Opens the column each time that it is read; what lies on the row stays sealed.

    With `__set__` it stands before the row's own dictionary, which would answer with the sealed text.
    """

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        held = super().__get__(instance, cls)
        if not isinstance(held, Sealed) or not held:
            return held
        field: Any = self.field
        return field.opened(held, instance)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value

    def __delete__(self, instance: Any) -> None:
        del instance.__dict__[self.field.attname]


def _place(table: str, uid: object, column: str) -> bytes:
    parts = [part.encode() for part in (table, str(uid), column)]
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@lru_cache(maxsize=64)
def _cipher(key: bytes, table: str, column: str) -> AESGCM:
    said = b"jiandu field" + _place(table, "", column)
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=said).derive(key))
