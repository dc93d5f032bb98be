"""One finding's page, with the acts that its viewer may do now; each act's form is fetched when it is wanted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import current
from jiandu.loop.findings.models import NOT_PUT_RIGHT, Finding
from jiandu.loop.findings.selectors import reading, talked
from jiandu.loop.findings.states import LIVE
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.net.access import selectors as access
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.acts.act import PARTS, Act
from jiandu.surfaces.desk.acts.table import BY_KEY, open_on, open_to
from jiandu.surfaces.desk.files import handed_back
from jiandu.surfaces.desk.forms.acts import ActForm
from jiandu.surfaces.desk.progress import stages
from jiandu.surfaces.desk.registers import headed
from jiandu.surfaces.desk.told.instruments import about_finding
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.wording import said
from jiandu.surfaces.door.answers import done, is_fragment, page, perform
from jiandu.surfaces.door.routes import View


@dataclass(frozen=True)
class Opened:
    """An act whose form stands open on the page: the finding's or one of its parts'."""

    act: Act
    row: Any
    form: ActForm

    @property
    def action(self) -> str:
        """The rest of the URL that it posts to, after the finding's own."""
        return f"{self.act.part}/{self.row.uid}/{self.act.slug}/" if self.act.part else f"{self.act.slug}/"


def found(request: HttpRequest, uid: UUID) -> Finding:
    """The finding with its counts, or the same 404 for not there and not yours."""
    finding = reading.with_counts(request.viewer, uid, {**outcomes.counted(), **talked.counted()})  # type: ignore[attr-defined]
    if finding is None:
        raise Http404
    return finding


def there(request: HttpRequest, uid: UUID) -> Finding:
    """The finding without its counts, for what shows no page of it; or the same 404."""
    finding = reading.finding_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if finding is None:
        raise Http404
    return finding


def finding(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One finding; `?act=` opens a form: for htmx that form alone."""
    one = found(request, uid)
    may = reading.may(request.viewer, one)  # type: ignore[attr-defined]
    opened = _asked(request, one, may) if "act" in request.GET else None
    if opened and is_fragment(request):
        return page(
            request, "desk/findings/_act.html", {"finding": one, "opened": opened, **_aside(request, opened, may)}
        )
    return show(request, one, may, opened)


def _asked(request: HttpRequest, one: Finding, may: frozenset[str]) -> Opened:
    """The act that the query names (`?act=approvals-decide&on=<uid>`), if the viewer may do it now; else 404."""
    viewer, act = request.viewer, BY_KEY.get(request.GET["act"])  # type: ignore[attr-defined]
    row = _row(viewer, one, act, request.GET.get("on", "")) if act else None
    if act is None or row is None or act not in _open(viewer, one, may, act, row):
        raise Http404
    form = act.form(
        choices=choices.for_form(viewer, act.form, one, row), initial=act.form.begin(one, row), auto_id=f"{act.slug}-%s"
    )
    return Opened(act, row, form)


def _row(viewer: guard.Viewer, one: Finding, act: Act, text: str | UUID) -> Any:
    """What the act is about: the finding, or the part with this uid."""
    try:
        return PARTS[act.part](viewer, one, UUID(str(text))) if act.part else one
    except ValueError:
        return None


def _open(viewer: guard.Viewer, one: Finding, may: frozenset[str], act: Act, row: Any) -> list[Act]:
    return open_on(act.part, row, _on_part(viewer, act.part, may)) if act.part else open_to(one, may)


def _on_part(viewer: guard.Viewer, part: str, may: frozenset[str]) -> frozenset[str]:
    """The words that permit acts on a kind of part: the finding's, money's its own."""
    if part != "money":
        return may
    return frozenset({"create"}) if guard.allow(viewer, "create", MoneyRecovered) else frozenset()


def _aside(request: HttpRequest, opened: Opened, may: frozenset[str]) -> dict[str, Any]:
    """What stands beside a form: on a repeat what was decided on the earlier finding, on a recusal who is away already."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if opened.act.part == "repeats":
        earlier = reading.earlier_of(opened.row)
        if earlier is not None:
            access.look(viewer, earlier, what="earlier finding")
        return {"earlier": earlier, "decisions": reading.decisions_of(viewer, earlier) if earlier else []}
    return {"recused": access.recusals_of(viewer, opened.row, may=may)} if opened.act.slug == "recuse" else {}


def show(
    request: HttpRequest, one: Finding, may: frozenset[str], opened: Opened | None, *, status: int = 200
) -> HttpResponse:
    """The page; the form of an act may stand open on it, with its errors. `reading.may` has logged the look."""
    viewer, tab = request.viewer, request.GET.get("tab", "")  # type: ignore[attr-defined]
    context = {
        "finding": one,
        "may": may,
        "tab": tab if tab == "after" else "work",
        "acts": _by_weight(open_to(one, may)),
        "missing": reading.missing(one),
        "today": today(),
        "opened": opened,
        "can_edit": "edit" in may,
        "can_see_units": guard.allow(viewer, "view", Organisation),
        "aspect": _aspect(one),
        **(_after(viewer, one, may) if tab == "after" else _work(viewer, one, may)),
        **(_aside(request, opened, may) if opened else {}),
    }
    return page(request, "desk/findings/finding.html", context, status=status)


def _aspect(one: Finding) -> str:
    """What the finding was put under, and where that was merged into another, into which."""
    if one.aspect is None or one.aspect.replaced_by_id is None:
        return said(one.aspect)
    return _("%(aspect)s（已并入“%(into)s”）") % {"aspect": said(one.aspect), "into": said(current(one.aspect))}


def _by_weight(acts: list[Act]) -> dict[str, list[Act]]:
    """The next things to do, the usual ones, the rare ones."""
    return {weight: [act for act in acts if act.weight == weight] for weight in ("primary", "plain", "rare")}


def _with_acts(part: str, rows: Iterable[Any], may: frozenset[str]) -> list[dict[str, Any]]:
    """Each row with the acts that are open on it."""
    return [{"row": row, "acts": open_on(part, row, may)} for row in rows]


def _work(viewer: guard.Viewer, one: Finding, may: frozenset[str]) -> dict[str, Any]:
    work = reading.work_on(viewer, one)
    replaced = {file.replaces_id for file in work.evidence}
    return {
        "work": work,
        "approvals": _with_acts("approvals", work.approvals, may),
        "instructions": _with_acts("instructions", work.instructions, may),
        "repeats": _with_acts("repeats", work.repeats, may),
        "files": [{"row": file, "is_old": file.pk in replaced} for file in work.evidence],
        "scans": _newest(work.evidence),
        "stages": stages(one, work.steps),
        **_papers(viewer, one),
        "source_href": href_of(one.source, one.activity_uid) if one.activity_uid else "",  # type: ignore[attr-defined]
        "source": dict([*Activity.Kind.choices, *Signal.Origin.choices]).get(one.source, one.source),
    }


def _newest(files: Iterable[Any]) -> dict[int, Any]:
    """File key → its newest version: the scan of a 签批 that was replaced is told by what replaced it."""
    found = {file.pk: file for file in files}
    following = {file.replaces_id: file for file in found.values() if file.replaces_id}
    for key in sorted(found, reverse=True):  # a version is written after the one that it replaces
        if key in following:
            found[key] = found[following[key].pk]
    return found


def _papers(viewer: guard.Viewer, one: Finding) -> dict[str, Any]:
    """The sheets that list it, with the clocks that they run; whether one may be drafted."""
    if not guard.allow(viewer, "view", Instrument):
        return {}
    told = about_finding(viewer, one)
    may_copy = guard.allow(viewer, "create", Instrument) and one.state in LIVE and one.subject_id is not None
    return {"papers": told, "paper_columns": headed(told.columns) if told else [], "may_copy": may_copy}


def _after(viewer: guard.Viewer, one: Finding, may: frozenset[str]) -> dict[str, Any]:
    came = outcomes.of_finding(viewer, one)
    return {
        "outcomes": came,
        "talks": talked.talks_on(viewer, one),
        "money": _with_acts("money", came.money, _on_part(viewer, "money", may)),
        "look_backs": reading.look_backs_of(viewer, one),
        "breaches": reading.breaches_of(viewer, one),
        "people": _with_acts("people", access.assignments_of(viewer, one), may),
    }


def _said(one: Act, form: ActForm) -> str:
    """The word of confirmation; after a bad look-back, what may follow."""
    words = _("已办理：%(act)s") % {"act": one.label}
    if one.slug in {"look-back", "enter-look-back"} and form.cleaned_data["result"] in NOT_PUT_RIGHT:
        words += _(";整改没有保持住,请研判是否重新挂账")
    return words


def act(one: Act) -> View:
    """The view that performs an act of the table. What is refused comes back on the page, with all that was typed."""

    def view(request: HttpRequest, uid: UUID, part: UUID | None = None) -> HttpResponseBase:
        viewer = request.viewer  # type: ignore[attr-defined]
        target = there(request, uid)
        row = _row(viewer, target, one, part or "")
        if row is None:
            raise Http404
        options = choices.for_form(viewer, one.form, target, row)
        form = one.form(request.POST, request.FILES, choices=options, auto_id=f"{one.slug}-%s")
        if perform(form, lambda: one.do(row, viewer, dict(form.cleaned_data))):
            still = reading.finding_by_uid(viewer, uid)  # a recusal of oneself closes the page
            where = ("desk:finding", uid) if still else ("desk:findings",)
            return done(request, _said(one, form), *where)
        again = found(request, uid)
        return show(request, again, reading.may(viewer, again), Opened(one, row, form), status=422)

    return view


def download(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """An evidence file under its own name, always as an attachment of no type that a browser would run."""
    one = there(request, uid)
    evidence = one.evidence.filter(uid=file).first()
    if evidence is None:
        raise Http404
    access.look(request.viewer, one, what="evidence")  # type: ignore[attr-defined]
    return handed_back(evidence.sha256, evidence.name)
