"""The rows that a figure counts, as a table: for each kind of record its columns and the page it opens."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jiandu.base.lexicon.models import Item
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.sources.activities.models import Activity, Visit
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ContactSuggestion, Reflection
from jiandu.sources.talks.models import Attendee, ClueHandover, Talk
from jiandu.sources.topics.models import MonthlyCount
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.views.counted_kinds import OWNER, Kind, Row
from jiandu.surfaces.desk.views.counted_village import VILLAGE
from jiandu.surfaces.desk.withheld import kept
from jiandu.surfaces.desk.wording import said


def _finding(one: Finding) -> Row:
    state = {"text": one.get_state_display(), "tone": one.state}
    days = [iso(one.registered_on), iso(one.closed_on)]
    cells = [one.code, one.listed, str(one.subject or ""), str(one.owner_office), state, *days]
    return {"href": reverse("desk:finding", args=[one.uid]), "cells": cells}


def _activity(one: Activity) -> Row:
    return {
        "href": href_of(one.kind, one.uid),
        "cells": [one.code, one.name, str(one.owner_office), iso(one.approved_on)],
    }


def _money(one: MoneyRecovered) -> Row:
    finding = one.finding
    href = reverse("desk:finding", args=[finding.uid]) if finding else ""
    named = str(finding) if finding else ""
    cells = [iso(one.received_on), named, str(one.owner_office), money_fen(one.amount_fen), one.proof]
    return {"href": href, "cells": cells}


def _rule(one: RuleMade) -> Row:
    cells = [str(one), one.number, one.issuer, str(one.owner_office), iso(one.issued_on)]
    return {"href": reverse("desk:rule", args=[one.uid]), "cells": cells}


def _talk(one: Talk) -> Row:
    cells = [iso(one.on), one.get_kind_display(), one.theme, str(one.subject or ""), str(one.owner_office)]
    return {"href": reverse("desk:talk", args=[one.uid]), "cells": cells}


def _clue(one: ClueHandover) -> Row:
    return {"href": reverse("desk:clue", args=[one.uid]), "cells": [one.envelope, iso(one.on), str(one.owner_office)]}


def _attendee(one: Attendee) -> Row:
    href = reverse("desk:talk", args=[one.talk.uid]) if one.talk else ""
    cells = [iso(one.on), one.person.name, one.organisation.name, one.title, one.get_category_display()]
    return {"href": href, "cells": cells}


def _visit(one: Visit) -> Row:
    href = reverse("desk:round", args=[one.activity.uid]) if one.activity else ""
    return {"href": href, "cells": [iso(one.on), one.organisation.name, one.place, one.members, one.attendees]}


def _point(one: ContactPoint) -> Row:
    place = [str(one.district or ""), said(one.industry) if one.industry else ""]
    cells = [one.code, one.name, one.get_kind_display(), *place, str(one.owner_office), iso(one.since), iso(one.until)]
    return {"href": reverse("desk:contact-point", args=[one.uid]), "cells": cells}


def _contact_problem(one: ContactProblem) -> Row:
    state = one.get_result_display() or one.get_state_display()
    cells = [one.code, one.problem, str(one.subject or ""), str(one.owner_office), state, iso(one.registered_on)]
    return {"href": reverse("desk:contact-problem", args=[one.uid]), "cells": cells}


def _reflection(one: Reflection) -> Row:
    names = [one.point.name if one.point else "", str(one.problem or "")]
    href = reverse("desk:contact-point", args=[one.point.uid]) if one.point else ""
    return {"href": href, "cells": [iso(one.on), one.alias, *names]}


def _monthly(one: MonthlyCount) -> Row:
    href = reverse("desk:topic-work", args=[one.activity.uid]) if one.activity else ""
    cells = [f"{one.month:%Y-%m}", str(one.activity or ""), one.get_kind_display(), one.received, one.closed]
    return {"href": href, "cells": cells}


def _suggestion(one: ContactSuggestion) -> Row:
    return {
        "href": reverse("desk:contact-suggestion", args=[one.uid]),
        "cells": [one.code, one.text, str(one.owner_office), iso(one.raised_on)],
    }


def _instrument(one: Instrument) -> Row:
    cells = [one.number or one.code, one.title, one.get_kind_display(), str(one.subject), str(one.owner_office)]
    return {"href": reverse("desk:instrument", args=[one.uid]), "cells": cells}


KINDS: dict[type[models.Model], Kind] = {
    Finding: Kind(
        (
            (gettext_lazy("问题编号"), "code"),
            (gettext_lazy("问题表现"), "main"),
            (gettext_lazy("责任单位"), ""),
            OWNER,
            (gettext_lazy("现在状态"), "state"),
            (gettext_lazy("登记日期"), "date"),
            (gettext_lazy("销号日期"), "date"),
        ),
        lambda rows: rows.select_related("subject", "owner_office"),
        _finding,
    ),
    Activity: Kind(
        (
            (gettext_lazy("编号"), "code"),
            (gettext_lazy("名称"), "main"),
            OWNER,
            (gettext_lazy("立项日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        _activity,
    ),
    MoneyRecovered: Kind(
        (
            (gettext_lazy("到账日期"), "code"),
            (gettext_lazy("问题"), "main"),
            OWNER,
            (gettext_lazy("金额"), "num"),
            (gettext_lazy("凭证"), ""),
        ),
        lambda rows: rows.select_related("owner_office").prefetch_related("finding"),
        _money,
    ),
    RuleMade: Kind(
        (
            (gettext_lazy("制度名称"), "main"),
            (gettext_lazy("文号"), ""),
            (gettext_lazy("制发机关"), ""),
            OWNER,
            (gettext_lazy("印发日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        _rule,
    ),
    Instrument: Kind(
        (
            (gettext_lazy("编号"), "code"),
            (gettext_lazy("事由"), "main"),
            (gettext_lazy("文种"), ""),
            (gettext_lazy("单位"), ""),
            OWNER,
        ),
        lambda rows: rows.select_related("owner_office", "subject"),
        _instrument,
    ),
    Talk: Kind(
        (
            (gettext_lazy("谈话日期"), "code"),
            (gettext_lazy("谈话种类"), ""),
            (gettext_lazy("主题"), "main"),
            (gettext_lazy("单位"), ""),
            OWNER,
        ),
        lambda rows: rows.select_related("owner_office", "subject"),
        _talk,
    ),
    ClueHandover: Kind(
        ((gettext_lazy("密封件编号"), "code"), (gettext_lazy("移交日期"), "date"), OWNER),
        lambda rows: rows.select_related("owner_office"),
        _clue,
    ),
    Attendee: Kind(
        (
            (gettext_lazy("谈话日期"), "code"),
            (gettext_lazy("姓名"), "main"),
            (gettext_lazy("单位"), ""),
            (gettext_lazy("职务"), ""),
            (gettext_lazy("类别"), ""),
        ),
        lambda rows: rows.select_related("person", "organisation").prefetch_related("talk"),
        _attendee,
    ),
    Visit: Kind(
        (
            (gettext_lazy("走访日期"), "code"),
            (gettext_lazy("单位"), "main"),
            (gettext_lazy("地点"), ""),
            (gettext_lazy("参加人员"), ""),
            (gettext_lazy("单位参加人员"), ""),
        ),
        lambda rows: rows.select_related("organisation").prefetch_related("activity"),
        _visit,
    ),
    **VILLAGE,
    ContactPoint: Kind(
        (
            (gettext_lazy("联系点编号"), "code"),
            (gettext_lazy("企业（商协会）名称"), "main"),
            (gettext_lazy("联系点类别"), ""),
            (gettext_lazy("所在区"), ""),
            (gettext_lazy("行业"), ""),
            OWNER,
            (gettext_lazy("起"), "date"),
            (gettext_lazy("止"), "date"),
        ),
        lambda rows: rows.select_related("owner_office", "district", "industry"),
        _point,
    ),
    ContactProblem: Kind(
        (
            (gettext_lazy("问题编号"), "code"),
            (gettext_lazy("反映问题"), "main"),
            (gettext_lazy("责任单位"), ""),
            OWNER,
            (gettext_lazy("现在状态"), ""),
            (gettext_lazy("登记日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office", "subject"),
        _contact_problem,
    ),
    Reflection: Kind(
        (
            (gettext_lazy("反映日期"), "code"),
            (gettext_lazy("代号"), ""),
            (gettext_lazy("企业（商协会）名称"), ""),
            (gettext_lazy("反映问题"), "main"),
        ),
        lambda rows: rows.prefetch_related("point", "problem"),
        _reflection,
    ),
    MonthlyCount: Kind(
        (
            (gettext_lazy("月份"), "code"),
            (gettext_lazy("点题事项"), "main"),
            (gettext_lazy("类别"), ""),
            (gettext_lazy("受理"), "num"),
            (gettext_lazy("办结"), "num"),
        ),
        lambda rows: rows.prefetch_related("activity"),
        _monthly,
    ),
    ContactSuggestion: Kind(
        (
            (gettext_lazy("建议编号"), "code"),
            (gettext_lazy("建议内容"), "main"),
            OWNER,
            (gettext_lazy("提出日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        _suggestion,
    ),
    Organisation: Kind(
        (
            (gettext_lazy("单位名称"), "main"),
            (gettext_lazy("性质"), ""),
            (gettext_lazy("管理权限"), ""),
        ),
        lambda rows: rows,
        lambda one: {
            "href": reverse("desk:unit", args=[one.uid]),
            "cells": [one.name, one.get_kind_display(), one.get_authority_display()],
        },
    ),
    Person: Kind(
        ((gettext_lazy("姓名"), "main"), (gettext_lazy("任职"), "")),
        lambda rows: rows.prefetch_related("posts__organisation"),
        lambda one: {
            "href": reverse("desk:person", args=[one.uid]),
            "cells": [one.name, "、".join(f"{post.organisation}{post.title}" for post in one.posts.all())],
        },
    ),
    Item: Kind(
        ((gettext_lazy("名称"), "main"), (gettext_lazy("年度"), "num")),
        lambda rows: rows,
        lambda one: {"href": "", "cells": [said(one), one.year or ""]},
    ),
    Office: Kind(
        ((gettext_lazy("名称"), "main"), (gettext_lazy("类别"), "")),
        lambda rows: rows,
        lambda one: {"href": "", "cells": [one.name, one.get_kind_display()]},
    ),
}


def columns(model: type[models.Model]) -> list[dict[str, str]]:
    """The headings, for c-table."""
    return [{"label": str(label), "kind": kind} for label, kind in KINDS[model].columns]


def loaded(rows: "QuerySet[Any]") -> list[Row]:
    """The rows of a queryset, for c-table."""
    kind = KINDS[rows.model]
    return [kept(one, kind.columns, kind.row(one)) for one in kind.load(rows)]
