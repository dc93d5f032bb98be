"""All that an import points out, as a sheet: every data warning, and every cell that is not written with its reason."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.base.core.sheets.plan import OutValue
from jiandu.loop.workbooks.importing import Preview


def write_notes(out: BinaryIO, found: Preview, warnings: list[str], *, mark: str) -> None:
    """Writes the sheet: what is left first, then the warnings."""
    columns = (
        OutColumn(_("类别"), width=12),
        OutColumn(_("问题编号"), width=16),
        OutColumn(_("单元格"), width=10),
        OutColumn(_("栏目"), width=20),
        OutColumn(_("表中的值"), width=30),
        OutColumn(_("说明"), width=60),
    )
    write_xlsx(out, Plan(title=_("导入提示清单"), columns=columns, watermark=mark), _rows(found, warnings))


def _rows(found: Preview, warnings: list[str]) -> Iterator[list[OutValue]]:
    codes = {line.number: line.text("code") for line in found.lines}
    for cell in found.left:
        place = f"{cell.column}{cell.row}"
        yield [_("未写入"), codes[cell.row], place, cell.title, cell.value, _(cell.reason)]
    for warning in warnings:
        code, _colon, detail = warning.partition(": ")
        yield [_("数据提示"), code, "", "", "", detail]
