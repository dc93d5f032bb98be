"""A superior's monthly form, uploaded, bound by its heads and accepted: so that 套表 is not empty in the demo."""

import io

from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.net.overseers.models import Office
from jiandu.results.filling.keeping import NewForm, accept, register_form

NAME = "项目化监督工作月报"
#: The last one is none of our figures and stays yellow.
HEADS = ("项目发现问题", "已督促整改", "推动完善制度", "挽回金额(万元)", "超期未整改", "群众满意率")


def bring_form(offices: list[Office], by: Viewer) -> None:
    """The form names the offices in its rows; the first of them fills it."""
    columns = [OutColumn("室组", width=20), *(OutColumn(head, width=14) for head in HEADS)]
    blank = io.BytesIO()
    write_xlsx(blank, Plan(title=NAME, columns=columns), [[office.name, *[None] * len(HEADS)] for office in offices])
    form = register_form(new=NewForm(NAME, f"{NAME}.xlsx", blank.getvalue(), offices[0]), by=by)
    accept(form=form, by=by, seen=form.sha256)
