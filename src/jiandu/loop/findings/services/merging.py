"""并案: what was merged is counted as part of its main finding, so none leaves the figures while another rests on it."""

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.states import LIVE, State

NAMED = 5  # how many a refusal names


def check_main(finding: Finding, main_id: int | None) -> None:
    """Merged into another finding that is itself counted, else neither would be. Raises Refused (merge-main).

    The main one is held until the transaction ends: it is not withdrawn at the same moment.
    """
    rows = Finding.objects.filter(pk=main_id).exclude(pk=finding.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    main = rows.first()
    if main is None or main.state not in LIVE:
        raise Refused("merge-main", "请选择并入的问题;已并案、撤销、不予认定或移交的问题不能并入")
    if finding.merged_into_id == main.pk:
        raise Refused("merge-main", _("本问题已经并入该问题，请选择另一个问题"))


def check_alone(finding: Finding) -> None:
    """Nothing is merged into it: a record withdrawn as a mistake would take those problems out of every figure with it.

    Sought past the viewer's scope, named only within it. Raises Refused (withdraw-main).
    """
    seen = list(_joined(finding)[:NAMED])
    with guard.acting(guard.system("merged findings")):
        count = _joined(finding).count()
    if not count:
        return
    named = "、".join(seen) or _("在您的权限范围以外")
    raise Refused(
        "withdraw-main",
        _(
            "有 %(count)s 件问题并入本问题（%(named)s），撤销后它们将不计入任何统计。"
            "请先在这些问题的页面提请签批“改并”，并入另一个问题，再撤销本问题；登记有误的，也可以更正本问题"
        ),
        count=count,
        named=named,
    )


def _joined(finding: Finding) -> QuerySet[Finding, str]:
    """The numbers of what is merged into it, in the viewer's scope."""
    rows = Finding.objects.filter(merged_into=finding, state=State.MERGED)
    return rows.order_by("code").values_list("code", flat=True)
