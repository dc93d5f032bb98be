"""How much memory this process needed at most, beyond what it had."""

from pathlib import Path
from types import TracebackType


def _kibibytes(field: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(field))


class Growth:
    """Peak resident size within the block, over the size at its start (proc(5): clear_refs 5 resets the peak)."""

    mebibytes = 0.0

    def __enter__(self) -> "Growth":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self._before = _kibibytes("VmRSS:")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mebibytes = (_kibibytes("VmHWM:") - self._before) / 1024
