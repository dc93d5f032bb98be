"""公开稿: drafted, changed, sent to a second person, published; a withdrawal asked for and confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import pgettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.published.models import NoticeKind
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.results.publications import selectors, services
from jiandu.results.publications.models import Publication
from jiandu.results.publications.states import State, Verb, fits
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import publications as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import publications as told

Said = dict[str, Any]


def show_publications(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The register."""
    state = request.GET.get("state", "") if request.GET.get("state") in State else ""
    kind = request.GET.get("kind", "") if request.GET.get("kind") in NoticeKind else ""
    return registers.show_list(request, PUBLICATIONS_ROOM, told.publications(viewer, state, kind), opened, status)


def show_publication(request: HttpRequest, one: Publication, opened: Opened | None, status: int) -> HttpResponse:
    """One, with what may be done now."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PUBLICATION_ROOM, one)
    return registers.show(request, told.publication(viewer, one), may, opened, status)


def _draft(_viewer: Viewer, said: Said, by: Viewer) -> Publication:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return services.draft(office=office, words=services.Words(**forms.said(said)), by=by, subject=said["unit"])


def _rewrite(one: Publication, said: Said, by: Viewer) -> Publication:
    return services.rewrite(publication=one, words=services.Words(**forms.said(said)), by=by)


def _act(verb: Verb, form: Any, do: Any, *, needs: str = "edit") -> Act:
    """An act of the table of moves; a second person's asks who is at the keyboard."""
    return Act(
        verb.value.replace("_", "-"),
        verb.label,
        form,
        lambda one, said, by: do(publication=one, by=by, **said),
        verb=needs,
        fits=lambda one: fits(verb, one.state),
        is_sensitive=verb in {Verb.PUBLISH, Verb.RECALL},
    )


PUBLICATIONS_ROOM = Room(
    "desk:publications",
    lambda viewer: viewer,
    show_publications,
    Publication,
    (Act("draft", pgettext_lazy("act", "起草公开稿"), forms.DraftForm, _draft),),
    keep="create",
)
PUBLICATION_ROOM = Room(
    "desk:publication",
    selectors.by_uid,
    show_publication,
    Publication,
    (
        _act(Verb.ASK, forms.AskForm, services.ask),
        Act(
            Verb.REWRITE.value,
            Verb.REWRITE.label,
            forms.WordsForm,
            _rewrite,
            fits=lambda one: fits(Verb.REWRITE, one.state),
        ),
        _act(Verb.PUBLISH, forms.ConfirmForm, services.publish, needs="publish"),
        _act(Verb.RETURN, forms.WhyForm, services.send_back, needs="publish"),
        _act(Verb.RECALL, forms.RecallForm, services.recall, needs="publish"),
        _act(Verb.KEEP, forms.WhyForm, services.keep, needs="publish"),
        _act(Verb.ASK_RECALL, forms.WhyForm, services.ask_recall),
        _act(Verb.DROP, forms.WhyForm, services.drop),
    ),
)
