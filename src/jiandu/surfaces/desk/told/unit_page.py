"""单位情况一页通 on the screen: each part with its lines, and the whole list behind each number and behind “其余”."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors.of_unit import Again
from jiandu.loop.findings.states import State
from jiandu.loop.outcomes.models import RuleMade
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import posts_on
from jiandu.results.reports import unit_page as pages
from jiandu.results.reports.unit_page import Part, UnitPage
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.registers import Columns, Row

PROBLEMS: Columns = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("问题表现"), "main"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("登记日期"), "date"),
    (gettext_lazy("整改时限"), "date"),
    (gettext_lazy("销号日期"), "date"),
)
TALKS: Columns = (
    (gettext_lazy("谈话日期"), "date"),
    (gettext_lazy("谈话种类"), ""),
    (gettext_lazy("谈话对象"), "code"),
    (gettext_lazy("主题"), "main"),
    (gettext_lazy("表态承诺"), "wrap"),
)
LETTERS: Columns = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("事由"), "main"),
    (gettext_lazy("文种"), ""),
    (gettext_lazy("送达日期"), "date"),
    (gettext_lazy("反馈期限"), "date"),
    (gettext_lazy("反馈"), "state"),
)
RULES: Columns = (
    (gettext_lazy("印发日期"), "date"),
    (gettext_lazy("制度名称"), "main"),
    (gettext_lazy("文号"), ""),
    (gettext_lazy("制发机关"), ""),
)
POSTS: Columns = (
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("起"), "date"),
)


def parts(page: UnitPage) -> list[Row]:
    """The boxes of the page: title, lines (text, href, note, tone), how many more there are and where they open."""
    here = partial_href(page)
    posts, leaders = [_post(row) for row in page.posts.rows], [_tie(row) for row in page.leaders.rows]
    return [
        _part(_("班子和重点岗位"), page.posts, posts, here("posts"), of_people=True),
        _part(_("分管和挂钩领导"), page.leaders, leaders, _file_of(page), of_people=True),
        _part(_("未销号问题"), page.problems, [_problem(row, page.day) for row in page.problems.rows], here("open")),
        _part(
            _("三年内同类问题"), page.repeats, [_repeat(row, page.day) for row in page.repeats.rows], here("repeats")
        ),
        _part(_("近期谈话和承诺"), page.talks, [_talk(row) for row in page.talks.rows], here("talks")),
        _part(_("文书和反馈"), page.letters, [_letter(row, page.day) for row in page.letters.rows], here("letters")),
        _part(_("建章立制"), page.rules, [_rule(row) for row in page.rules.rows], here("rules")),
    ]


def numbers(page: UnitPage) -> list[Row]:
    """The figures of the unit's problems, each with the list that it counts."""
    here, said = partial_href(page), page.counts
    return [
        {"label": _("登记问题"), "value": said.total, "href": here("all")},
        {"label": _("未销号"), "value": said.open, "href": here("open")},
        {"label": _("超期"), "value": said.overdue, "href": here("overdue"), "tone": "danger" if said.overdue else ""},
        {"label": _("已销号"), "value": said.settled, "href": here("settled")},
        {"label": _("三年内同类"), "value": page.repeats.total, "href": here("repeats")},
    ]


def partial_href(page: UnitPage) -> Any:
    """Where the list of a part opens, as of the page's day."""
    return lambda word: f"{reverse('desk:unit-page-rows', args=[page.unit.uid, word])}?on={page.day.isoformat()}"


def _file_of(page: UnitPage) -> str:
    return f"{reverse('desk:unit', args=[page.unit.uid])}?tab=history&on={page.day.isoformat()}"


def _part(title: str, part: Part, lines: list[Row], href: str, *, of_people: bool = False) -> Row:
    more = (_("其余 %(n)d 人") if of_people else _("其余 %(n)d 件")) % {"n": part.rest} if part.rest > 0 else ""
    return {"title": title, "lines": lines, "more": more, "href": href, "is_wide": not of_people}


def _line(text: str, href: str = "", note: str = "", tone: str = "") -> Row:
    return {"text": text, "href": href, "note": note, "tone": tone}


def _post(row: Any) -> Row:
    return _line(
        row.person.name, reverse("desk:person", args=[row.person.uid]), f"{row.title} · {row.get_kind_display()}"
    )


def _tie(tie: pages.Tie) -> Row:
    kind = _("挂钩") if tie.is_linked else _("分管")
    since = _("%(day)s起") % {"day": iso(tie.since)} if tie.since else ""
    return _line(tie.name, "", " ".join(filter(None, [kind, since])))


def _state(finding: Any) -> str:
    return str(State(finding.state_then).label)


def _problem(finding: Any, day: date) -> Row:
    late = pages.late_days(finding, day)
    due = _("时限 %(day)s") % {"day": iso(finding.due_then)} if finding.due_then else ""
    said = ngettext("超期%(days)d天", "超期%(days)d天", late) % {"days": late} if late else ""
    note = " · ".join(filter(None, [_state(finding), due, said]))
    return _line(finding.listed, reverse("desk:finding", args=[finding.uid]), note, "danger" if late else "")


def _repeat(group: Again, day: date) -> Row:
    latest = group.latest
    kind = latest.listed
    if latest.aspect:
        kind = latest.aspect.label_en if get_language() == "en" else latest.aspect.label_zh
    count = _("%(n)d次") % {"n": len(group.findings)}
    ends = "；".join(f"{iso(row.registered_on)} {_concluded(row, day)}" for row in group.findings[:3])
    return _line(f"{kind} {count}", reverse("desk:finding", args=[latest.uid]), ends)


def _concluded(finding: Any, day: date) -> str:
    return " ".join(filter(None, [_state(finding), iso(pages.settled_on(finding, day))]))


def _talk(row: Any) -> Row:
    head = f"{iso(row.on)} {Talk.Kind(row.talk_kind).label} {row.person.name}"
    promise = _("承诺：%(words)s") % {"words": row.promise} if row.promise else ""
    return _line(head, reverse("desk:talk", args=[row.talk_uid]), " · ".join(filter(None, [row.talk_theme, promise])))


def _answer(one: Any, day: date) -> Row:
    """What the unit answered, or owes: some letters ask for no answer."""
    on = pages.answered_on(one, day)
    if on:
        return {"text": _("%(day)s 已反馈") % {"day": iso(on)}, "tone": "done"}
    if one.reply_due_on is None:
        return {"text": "", "tone": ""}
    return (
        {"text": _("逾期未反馈"), "tone": "danger"}
        if pages.is_late(one, day)
        else {"text": _("待反馈"), "tone": "warn"}
    )


def _letter(one: Any, day: date) -> Row:
    answer = _answer(one, day)
    owed = _("反馈期限 %(day)s") % {"day": iso(one.reply_due_on)} if one.reply_due_on else ""
    note = " · ".join(filter(None, [one.get_kind_display(), answer["text"], owed]))
    text = f"{iso(one.delivered_on)} {one.title}"
    return _line(text, reverse("desk:instrument", args=[one.uid]), note, "danger" if answer["tone"] == "danger" else "")


def _rule(one: RuleMade) -> Row:
    return _line(f"{iso(one.issued_on)} {one.named}", reverse("desk:rule", args=[one.uid]), one.issuer)


def behind(viewer: Viewer, unit: Organisation, word: str, day: date) -> tuple[str, Columns, Any, Any] | None:
    """(title, columns, rows, how a row is told) of the list behind a word; None for an unknown one."""
    lists: dict[str, tuple[Any, Columns, Any, Any]] = {
        "posts": (_("班子和重点岗位"), POSTS, posts_on, _told_post),
        "repeats": (_("三年内同类问题"), PROBLEMS, _repeated, _told_problem),
        "talks": (_("近期谈话和承诺"), TALKS, pages.talks, lambda row, _day: _told_talk(row)),
        "letters": (_("文书和反馈"), LETTERS, pages.letters, _told_letter),
        "rules": (_("建章立制"), RULES, pages.rules, lambda row, _day: _told_rule(row)),
    }
    names = {"all": _("登记问题"), "open": _("未销号问题"), "overdue": _("超期问题"), "settled": _("已销号问题")}
    if word in names:
        rows = pages.problems(viewer, unit, day).filter(pages.counted_as(word, day))
        return names[word], PROBLEMS, rows, lambda row: _told_problem(row, day)
    if word not in lists:
        return None
    title, columns, rows_of, told = lists[word]
    return title, columns, rows_of(viewer, unit, day), lambda row: told(row, day)


def _repeated(viewer: Viewer, unit: Organisation, day: date) -> list[Any]:
    return [finding for group in pages.repeats(viewer, unit, day) for finding in group.findings]


def _told_post(row: Any, _day: date) -> Row:
    name = {"text": row.person.name, "href": reverse("desk:person", args=[row.person.uid])}
    return {"cells": [name, row.title, row.get_kind_display(), iso(row.since)]}


def _told_problem(finding: Any, day: date) -> Row:
    due: Any = iso(finding.due_then)
    if pages.late_days(finding, day):
        due = {"text": due, "tone": "danger", "title": _("超期")}
    state = {"text": _state(finding), "tone": finding.state_then}
    cells = [finding.code, finding.listed, state, iso(finding.registered_on), due, iso(pages.settled_on(finding, day))]
    return {"href": reverse("desk:finding", args=[finding.uid]), "cells": cells}


def _told_talk(row: Any) -> Row:
    theme = {"text": row.talk_theme, "href": reverse("desk:talk", args=[row.talk_uid])}
    return {"cells": [iso(row.on), str(Talk.Kind(row.talk_kind).label), row.person.name, theme, row.promise]}


def _told_letter(one: Any, day: date) -> Row:
    cells = [one.number or one.code, one.title, one.get_kind_display(), iso(one.delivered_on), iso(one.reply_due_on)]
    return {"href": reverse("desk:instrument", args=[one.uid]), "cells": [*cells, _answer(one, day)]}


def _told_rule(one: RuleMade) -> Row:
    name = {"text": one.named, "href": reverse("desk:rule", args=[one.uid])}
    return {"cells": [iso(one.issued_on), name, one.number, one.issuer]}
