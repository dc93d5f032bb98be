"""The rows that the figures of estates, the grassroots and political ecology count, as tables."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.grassroots.models import ChecklistAspect, ChecklistItem, GridCell, GridWorker, Meeting
from jiandu.results.portraits.models import Portrait
from jiandu.sources.ledgers.models import Estate
from jiandu.surfaces.desk.views.counted_kinds import OWNER, Kind, Row
from jiandu.surfaces.desk.wording import said


def _estate(one: Estate) -> Row:
    place = [str(one.district), str(one.street or "")]
    cells = [one.code, one.name, *place, one.body, one.households, str(one.owner_office)]
    return {"href": reverse("desk:estate", args=[one.uid]), "cells": cells}


VILLAGE: dict[type[models.Model], Kind] = {
    Portrait: Kind(
        (
            (gettext_lazy("标题"), "main"),
            (gettext_lazy("分析期"), ""),
            (gettext_lazy("起草机构"), ""),
            OWNER,
            (gettext_lazy("审定日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        lambda one: {
            "href": reverse("desk:portrait", args=[one.uid]),
            "cells": [
                one.title,
                f"{iso(one.period_from)} – {iso(one.period_to)}",
                one.author,
                str(one.owner_office),
                iso(one.approved_on),
            ],
        },
    ),
    ChecklistAspect: Kind(
        ((gettext_lazy("方面"), "main"), (gettext_lazy("监督清单"), "")),
        lambda rows: rows.select_related("checklist"),
        lambda one: {
            "href": reverse("desk:checklist", args=[one.checklist.uid]),
            "cells": [one.name, str(one.checklist)],
        },
    ),
    ChecklistItem: Kind(
        (
            (gettext_lazy("序号"), "num"),
            (gettext_lazy("监督事项"), "main"),
            (gettext_lazy("方面"), ""),
            (gettext_lazy("监督要点"), "wrap"),
        ),
        lambda rows: rows.select_related("checklist", "aspect"),
        lambda one: {
            "href": reverse("desk:checklist", args=[one.checklist.uid]),
            "cells": [one.number, one.matter, one.aspect.name, one.point],
        },
    ),
    GridCell: Kind(
        ((gettext_lazy("网格名称"), "main"), (gettext_lazy("村居"), ""), OWNER, (gettext_lazy("设立日期"), "date")),
        lambda rows: rows.select_related("subject", "owner_office"),
        lambda one: {
            "href": reverse("desk:cell", args=[one.uid]),
            "cells": [one.name, str(one.subject or ""), str(one.owner_office), iso(one.since)],
        },
    ),
    GridWorker: Kind(
        (
            (gettext_lazy("姓名"), "main"),
            (gettext_lazy("人员类别"), ""),
            (gettext_lazy("网格名称"), ""),
            (gettext_lazy("任期起"), "date"),
            (gettext_lazy("任期止"), "date"),
        ),
        lambda rows: rows.select_related("kind").prefetch_related("cell"),
        lambda one: {
            "href": reverse("desk:cell", args=[one.cell.uid]),
            "cells": [one.name, said(one.kind), one.cell.name, iso(one.since), iso(one.until)],
        },
    ),
    Meeting: Kind(
        (
            (gettext_lazy("日期"), "code"),
            (gettext_lazy("主题"), "main"),
            (gettext_lazy("类别"), ""),
            (gettext_lazy("人次"), "num"),
            OWNER,
        ),
        lambda rows: rows.select_related("owner_office"),
        lambda one: {
            "href": reverse("desk:meeting", args=[one.uid]),
            "cells": [iso(one.on), one.theme, one.get_kind_display(), one.people_count, str(one.owner_office)],
        },
    ),
    Estate: Kind(
        (
            (gettext_lazy("小区编号"), "code"),
            (gettext_lazy("小区名称"), "main"),
            (gettext_lazy("区"), ""),
            (gettext_lazy("镇(街道)"), ""),
            (gettext_lazy("责任主体"), ""),
            (gettext_lazy("户数"), "num"),
            OWNER,
        ),
        lambda rows: rows.select_related("district", "street", "owner_office"),
        _estate,
    ),
}
