"""The registers that sheets are taken into, by the key of their book. Each package tells its own when the program starts."""

from collections.abc import Mapping
from types import MappingProxyType

from jiandu.base.books.taking import Register

_KNOWN: dict[str, Register] = {}
REGISTERS: Mapping[str, Register] = MappingProxyType(_KNOWN)


def come_by_sheet(*registers: Register) -> None:
    """For AppConfig.ready. Raises ValueError where another register has the key."""
    for register in registers:
        if _KNOWN.setdefault(register.book.key, register) is not register:
            raise ValueError(f"two registers have the key {register.book.key}")
