"""Choices of the forms: plain (value, label) pairs out of dictionaries and the directory."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import reading
from jiandu.loop.findings.services import repeats
from jiandu.loop.findings.states import SIDE_EXITS, State, Verb, is_legal
from jiandu.net.access.models import Level
from jiandu.net.access.selectors import can_take
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.selectors import offices
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activities
from jiandu.sources.signals.models import Signal
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.forms import acts as forms
from jiandu.surfaces.desk.wording import said

NONE = ("", "—")


def aspects(viewer: Viewer, year: int) -> list[tuple[Any, str]]:
    return [NONE, *((item.pk, said(item)) for item in items(viewer, "aspect", year))]


def methods(viewer: Viewer, year: int) -> list[tuple[str, str]]:
    return [(item.code, said(item)) for item in items(viewer, "method", year)]


def all_offices(viewer: Viewer) -> list[tuple[Any, str]]:
    return [(office.pk, office.name) for office in offices(viewer, on=today())]


def bodies(viewer: Viewer) -> list[tuple[Any, str]]:
    """The offices that may take part in a project: stationed and dispatched bodies, and offices below the city's."""
    return [(office.pk, office.name) for office in offices(viewer, on=today()) if office.parent_id is not None]


def own_offices(viewer: Viewer) -> list[tuple[Any, str]]:
    """The offices in which the viewer serves."""
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    return [pair for pair in all_offices(viewer) if pair[0] in mine]


FOUND_IN = [kind for kind in Activity.Kind if kind != Activity.Kind.LOOK_BACK]  # a look-back takes up old findings
OFFERED = 300


def work(viewer: Viewer) -> list[Any]:
    """The activities in scope in which problems are found, the newest of each kind under its name."""
    found = []
    for kind in FOUND_IN:
        rows = activities(viewer, kind=kind)[:OFFERED]
        found.append((kind.label, [(f"activity:{row.uid}", str(row)) for row in rows]))
    return [(label, options) for label, options in found if options]


def sources(viewer: Viewer, talk: Talk | None = None) -> list[Any]:
    """Where a finding may come from: the talk at hand, an activity in scope, or what another body handed over."""
    spoken = [(_("谈话"), [(f"talk:{talk.uid}", str(talk))])] if talk else []
    handed = [(f"signal:{value}", label) for value, label in Signal.Origin.choices]
    return [("", _("请选择")), *spoken, *work(viewer), (_("其他来源"), handed)]


def _measures(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    return [NONE, *((measure.pk, measure.text[:30]) for measure in finding.measures.order_by("due_on", "pk"))]


def _newest_files(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    files = list(finding.evidence.order_by("name", "pk"))
    replaced = {file.replaces_id for file in files}
    return [NONE, *((file.pk, str(file)) for file in files if file.pk not in replaced)]


def _asked(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    legal = [
        verb for verb in (*sorted(SIDE_EXITS), Verb.MERGE_ANEW, Verb.CONCLUDE) if is_legal(verb, State(finding.state))
    ]
    return [(verb.value, verb.label) for verb in legal]


def _levels(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    return [choice for choice in Finding.Urging.choices if choice[0] >= max(1, finding.urging)]


def _higher(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    return [choice for choice in Level.choices if choice[0] > finding.level]


def _lower(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    return [choice for choice in reversed(Level.choices) if choice[0] < finding.level]


def levels(viewer: Viewer) -> list[tuple[int, str]]:
    """What may be registered at once: to 公开 it is widened, at 专案点名 somebody is named, each by an act of its own."""
    clearance = viewer.standing.clearance if isinstance(viewer.standing, Standing) else Level.INTERNAL
    return [
        (level.value, str(level.label)) for level in (Level.INTERNAL, Level.SENSITIVE) if level <= max(1, clearance)
    ]


def _decisions(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    earlier = reading.earlier_of(row)
    legal = repeats.options(finding, earlier) if earlier else ()
    return [(decision.value, decision.label) for decision in legal]


def _people(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    return [NONE, *((user.pk, user.name) for user in can_take(viewer, "finding"))]


def _recusable(viewer: Viewer, finding: Finding, row: Any) -> list[Any]:
    """Everybody for whoever may recuse others; else oneself."""
    if guard.allow(viewer, "recuse", finding):
        return _people(viewer, finding, row)[1:]
    return [(viewer.user_id, viewer.name)]


Choose = Callable[[Viewer, Finding, Any], list[Any]]
OF_FIELDS: dict[str, Choose] = {
    "aspect": lambda viewer, finding, row: aspects(viewer, finding.registered_on.year),
    "method": lambda viewer, finding, row: methods(viewer, finding.registered_on.year),
    "given_to": lambda viewer, finding, row: [NONE, *all_offices(viewer)],
    "measure": _measures,
    "replaces": _newest_files,
    "verb": _asked,
    "level": _levels,
    "decision": _decisions,
    "user": _people,
    "named": lambda viewer, finding, row: [
        pair for pair in _people(viewer, finding, row)[1:] if pair[0] != viewer.user_id
    ],
    "new_level": _lower,
}
OF_FORMS: dict[tuple[type[Form], str], Choose] = {
    (forms.RecuseForm, "user"): _recusable,
    (forms.RestrictForm, "level"): _higher,
    (forms.InstructForm, "given_to"): lambda viewer, finding, row: all_offices(viewer),
}
FIXED = {(forms.SendBackForm, "verb")}


def for_form(viewer: Viewer, form: type[forms.ActForm], finding: Finding, row: Any) -> dict[str, Any]:
    """The choices that this form needs, by field: nothing is asked for a form that is not wanted."""
    wanted = [name for name in form.base_fields if name in OF_FIELDS and (form, name) not in FIXED]
    options = {name: OF_FORMS.get((form, name), OF_FIELDS[name])(viewer, finding, row) for name in wanted}
    return options | dict.fromkeys(form.not_asked(finding))
