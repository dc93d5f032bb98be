"""How much one file may cost. Figures from security.md §3.7; the child process enforces them on itself."""

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings for one file. Sizes in bytes, times in seconds, texts in characters (code points)."""

    file_bytes: int = 64 * MIB
    parts: int = 2_000
    unpacked_bytes: int = 200 * MIB
    ratio: int = 100
    sheets: int = 200
    rows: int = 20_000  # non-empty rows of all sheets together
    columns: int = 200
    cell_characters: int = 32_767  # Excel's own
    row_characters: int = 200_000  # keeps the parent small, which holds 30 rows while it looks for the header
    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 20
    wall_seconds: int = 30  # time the parent waits for the child; its own work between rows does not count


SMALL = Limits()
LARGE = replace(SMALL, rows=100_100, cpu_seconds=60, wall_seconds=90)  # 100,000 and what stands around them
