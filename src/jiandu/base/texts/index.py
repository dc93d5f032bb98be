"""Texts that are held to be asked: which of them might repeat a new one, which of them might repeat each other.

An index lives in memory. `to_bytes` gives it as bytes, which hold the texts themselves (without punctuation): whoever keeps
them encrypts them. `add` takes one text more without building anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiandu.base.texts.compiled import parts, spread
from jiandu.base.texts.normal import codes as codes_of

if TYPE_CHECKING:
    import numpy as np

MAGIC = b"jiandu-texts-1\n"
#: How many places in lists of grams one text may cost, rarest grams first; grams in more texts than this are not listed.
BUDGET = 2_500
LISTED = 20_000
#: Nats that two texts must share in rare grams, and how many partners of one text are looked at closely.
LEAST = 8.0
MOST = 16
FEWEST_BITS, MOST_BITS = 20, 25
PAIRS = 1 << 22


@dataclass(frozen=True)
class Tables:
    """What the compiled parts read: how many texts hold each gram, and which."""

    bits: int
    trios: "np.ndarray[Any, Any]"
    twos: "np.ndarray[Any, Any]"
    starts: "np.ndarray[Any, Any]"
    who: "np.ndarray[Any, Any]"


class Index:
    """Texts by their number, from 0, in the order in which they came."""

    def __init__(self, codes: "np.ndarray[Any, Any]", at: "np.ndarray[Any, Any]") -> None:
        self._codes, self._at, self._size = codes, at, len(at) - 1
        self._count()

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Index":
        """An index of texts; a million takes about ten seconds and 1 GB."""
        return cls(*codes_of(list(texts)))

    def __len__(self) -> int:
        return self._size

    @property
    def codes(self) -> "np.ndarray[Any, Any]":
        return self._codes[: self._at[self._size]]

    @property
    def at(self) -> "np.ndarray[Any, Any]":
        return self._at[: self._size + 1]

    def _count(self) -> None:
        """Counts grams and lists who holds them."""
        import numpy as np  # noqa: PLC0415 -- slow import

        kernels, _ = parts()
        codes, at = self.codes, self.at
        bits = int(np.clip(np.ceil(np.log2(codes.size / 4 + 1)), FEWEST_BITS, MOST_BITS))
        trios, twos = np.zeros(1 << bits, np.int32), np.zeros(PAIRS, np.int32)
        kernels.count_grams(codes, at, 0, bits, trios, twos)
        starts = np.zeros(trios.size + 1, np.int64)
        np.cumsum(np.where(trios <= LISTED, trios, 0), out=starts[1:])
        who = np.empty(int(starts[-1]), np.int32)
        kernels.fill(codes, at, bits, starts, who)
        self.tables = Tables(bits, trios, twos, starts, who)
        self._counted, self._links = self._size, 0
        self._head = self._after = self._added = np.zeros(0, np.int32)

    def add(self, text: str) -> int:
        """Takes one text more; gives its number."""
        import numpy as np  # noqa: PLC0415 -- slow import

        kernels, _ = parts()
        new, _ends = codes_of([text])
        begin = int(self._at[self._size])
        self._codes = _room(self._codes, begin + len(new))
        self._at = _room(self._at, self._size + 2)
        self._codes[begin : begin + len(new)] = new
        self._at[self._size + 1] = begin + len(new)
        self._size += 1
        if not self._head.size:
            self._head = np.full(1 << self.tables.bits, -1, np.int32)
        self._after = _room(self._after, self._links + len(new) + 1)
        self._added = _room(self._added, self._links + len(new) + 1)
        lists = (self._head, self._after, self._added, self._links)
        self._links = kernels.add(self.codes, self.at, self.tables.bits, self.tables.trios, self.tables.twos, *lists)
        if self._size - self._counted > max(10_000, self._counted // 4):
            self._count()
        return self._size - 1

    def _lists(self) -> tuple[Any, ...]:
        tables = self.tables
        return (tables.bits, tables.trios, tables.starts, tables.who, self._head, self._after, self._added)

    def near(self, text: str, most: int = 2 * MOST) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """The codes of a text and the numbers of those that share most with it, the strongest first."""
        import numpy as np  # noqa: PLC0415 -- slow import

        kernels, _ = parts()
        codes, _ends = codes_of([text])
        out = np.empty(most, np.int32)
        found = kernels.ask(codes, self._size, *self._lists(), LISTED, LEAST, most, out) if self._size else 0
        return codes, out[:found] if found else self._same(codes)

    def _same(self, codes: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        """The first text that says exactly this, or none."""
        import numpy as np  # noqa: PLC0415 -- slow import

        at = self.at
        long = np.flatnonzero(np.diff(at) == codes.size) if codes.size else np.zeros(0, np.int64)
        for number in long.tolist():
            if (self.codes[at[number] : at[number + 1]] == codes).all():
                return np.array([number], np.int32)
        return np.zeros(0, np.int32)

    def candidates(self) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """Pairs (earlier, later) that share enough to be looked at closely, in order."""
        import numpy as np  # noqa: PLC0415 -- slow import

        kernels, _ = parts()
        codes, at, lists = self.codes, self.at, self._lists()
        table = np.full((self._size, MOST), -1, np.int32)
        spread(
            lambda low, high: kernels.candidates(codes, at, low, high, *lists, BUDGET, LEAST, MOST, table), self._size
        )
        one, column = np.nonzero(table >= 0)
        other = table[one, column].astype(np.int64)
        first, again = self._identical()
        keys = np.minimum(one, other) * self._size + np.maximum(one, other)
        keys = np.unique(np.concatenate((keys, first * self._size + again)))
        return (keys // max(1, self._size)).astype(np.int32), (keys % max(1, self._size)).astype(np.int32)

    def _identical(self) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
        """Each text that says the same as an earlier one, with the first of them: a thousand copies of one letter hold nothing rare."""
        import numpy as np  # noqa: PLC0415 -- slow import

        said, ends = self.codes.tobytes(), (2 * self.at).tolist()
        first: dict[bytes, int] = {}
        found = []
        for text in range(self._size):
            own = said[ends[text] : ends[text + 1]]
            earliest = first.setdefault(own, text) if own else text
            if earliest != text:
                found.append((earliest, text))
        pairs = np.array(found, np.int64).reshape(len(found), 2)
        return pairs[:, 0], pairs[:, 1]

    def weights(self, codes: "np.ndarray[Any, Any]", at: "np.ndarray[Any, Any]") -> "tuple[np.ndarray[Any, Any], ...]":
        """For each character of texts how much it surprises here, for each gram how rare it is (1/16 nat)."""
        import numpy as np  # noqa: PLC0415 -- slow import

        kernels, _ = parts()
        surprise, rare = np.empty(codes.size, np.uint8), np.empty(codes.size, np.uint8)
        tables = (self.tables.bits, self.tables.trios, self.tables.twos, self._size, surprise, rare)
        spread(lambda low, high: kernels.surprises(codes, at, low, high, *tables), len(at) - 1)
        return surprise, rare

    def to_bytes(self) -> bytes:
        """The index as bytes. They hold the texts: encrypt them."""
        return MAGIC + self._size.to_bytes(8, "little") + self.at.tobytes() + self.codes.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Index":
        """The index again. ValueError: these are not the bytes of an index."""
        import numpy as np  # noqa: PLC0415 -- slow import

        head = len(MAGIC) + 8
        count = int.from_bytes(data[len(MAGIC) : head], "little")
        codes_from = head + 8 * (count + 1)
        if not data.startswith(MAGIC) or len(data) < codes_from or (len(data) - codes_from) % 2:
            raise ValueError("not an index of texts")
        at = np.frombuffer(data, np.int64, count + 1, head).copy()
        codes = np.frombuffer(data, np.uint16, -1, codes_from).copy()
        if at[0] != 0 or at[-1] != codes.size or (np.diff(at) < 0).any():
            raise ValueError("not an index of texts")
        return cls(codes, at)


def _room(array: "np.ndarray[Any, Any]", need: int) -> "np.ndarray[Any, Any]":
    """The array, or a copy with room for half as much again."""
    import numpy as np  # noqa: PLC0415 -- slow import

    if need <= array.size:
        return array
    larger = np.zeros(max(1_024, need + need // 2), array.dtype)
    larger[: array.size] = array
    return larger
