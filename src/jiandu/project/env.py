"""Typed readers of the environment. A secret may come from a file: NAME_FILE names it. docs/operate.md lists every name."""

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """The value of JIANDU_<name>, or what the file named by JIANDU_<name>_FILE holds, or the default."""
    file = os.environ.get(f"JIANDU_{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(f"JIANDU_{name}", default)


def flag(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off or nothing.

    Raises ValueError for any other word: a mistyped switch must not mean "off" in silence.
    """
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"JIANDU_{name}: 1 或 0 · expected 1 or 0, got {value!r}")


def number(name: str, default: int) -> int:
    """A whole number. Raises ValueError naming the variable."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"JIANDU_{name}: 应为整数 · expected a whole number, got {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder() -> Path:
    """The data folder: database, files, keys. JIANDU_DATA, else ./data beside the checkout."""
    return Path(text("DATA", "data")).resolve()
