"""Why a file is refused, and what is wrong with one cell: in words that tell an officer what to do next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from .reasons import KINDS, REASONS


class SheetRefused(Exception):
    """The file as a whole cannot be read; nothing of it may be imported.

    `code` is a key of `REASONS`; `detail` holds what the sentence names: `sheet`, `cell`, `limit`, `kind`, `titles`.
    `message` is the Chinese sentence, `english` the English one; both end with what to do.
    """

    def __init__(self, code: str, **detail: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        """The Chinese sentence, with the place in front where one is known."""
        place = "".join((self._named("sheet", "工作表“%s”"), self._named("cell", "单元格 %s")))
        return f"{place}：{self._filled(0)}" if place else self._filled(0)

    @property
    def english(self) -> str:
        """The English sentence, with the place in front where one is known."""
        place = " ".join(filter(None, (self._named("sheet", "Sheet “%s”"), self._named("cell", "cell %s"))))
        return f"{place}: {self._filled(1)}" if place else self._filled(1)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def _named(self, key: str, pattern: str) -> str:
        return pattern % self.detail[key] if self.detail.get(key) else ""

    def _filled(self, language: int) -> str:
        said = _Blank(self.detail)
        if language and "kind" in said:
            said["kind"] = KINDS.get(str(said["kind"]), said["kind"])
        return REASONS[self.code][language] % said


class _Blank(dict[str, str | int]):
    """A missing detail reads as an ellipsis: a refusal must never fail while it explains itself."""

    def __missing__(self, key: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One wrong cell: the true row number (from 1), column letter, the header's words, the value as given, the reason."""

    sheet: str
    row: int
    column: str
    title: str
    value: str
    reason: str

    def as_dict(self) -> dict[str, str | int]:
        """Plain JSON values, for a stored report or a page."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "CellProblem":
        """The inverse of `as_dict`; raises `KeyError` or `ValueError` on foreign data."""
        texts = {key: str(data[key]) for key in ("sheet", "column", "title", "value", "reason")}
        return cls(row=int(str(data["row"])), **texts)
