"""Neutral names in, enterprises' names out: what keeps a point's name from standing where its problem is read."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import normal
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ContactSuggestion, Reflection

Told = ContactProblem | ContactSuggestion
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def may(by: Viewer, verb: str, thing: Owned | type[Owned]) -> None:
    """Raises Refused (not-allowed)."""
    if not guard.allow(by, verb, thing):
        raise Refused("not-allowed", "您没有办理该联系点事项的权限")


def not_later(on: date) -> None:
    """What happened did not happen tomorrow. Raises Refused (step-date)."""
    if on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())


def check_unnamed(points: list[ContactPoint], *texts: str) -> None:
    """Raises Refused (names-enterprise) where a text holds the name or short name of one of these points."""
    for point in points:
        if _is_named(point, texts):
            raise Refused(
                "names-enterprise",
                "此处的文字责任单位可以看到，不能写企业名称（%(name)s），请用代号",
                name=point.name,
            )


def check_names_no_other(told: Reflection, problem: ContactProblem, *texts: str) -> None:
    """Raises Refused (names-other) where a text for one enterprise holds the name of another that told the same.

    Asked over all that told it, whoever acts: a unit may have typed any name. The refusal says none.
    """
    with guard.acting(guard.system("names of other points")):
        rows = reflections_of(problem).exclude(point_id=told.point_id).values("point_id")
        others = list(ContactPoint.objects.filter(pk__in=rows))
    if any(_is_named(point, texts) for point in others):
        raise Refused("names-other", "答复内容写有其他企业的名称，请撤下该答复、更正后再打印")


def _is_named(point: ContactPoint, texts: Iterable[str]) -> bool:
    names = [name for name in (_bare(point.name), _bare(point.short_name)) if name]
    return any(name in _bare(text) for text in texts for name in names)


def points_seen(told: Told) -> list[ContactPoint]:
    """The points that told it, as far as the one acting sees them: a writer who sees none knows no name to give away."""
    rows = reflections_of(told).values("point_id")
    return list(ContactPoint.objects.filter(pk__in=rows))


def reflections_of(told: Told) -> QuerySet[Reflection]:
    """Who told it, as far as the one acting sees the points."""
    column = "problem" if isinstance(told, ContactProblem) else "suggestion"
    return Reflection.objects.filter(**{column: told}, withdrawn_on__isnull=True)


def next_alias(told: Told) -> str:
    """企业A, 企业B … 企业Z, 企业27: each once, counted over all that ever told it."""
    column = "problem" if isinstance(told, ContactProblem) else "suggestion"
    with guard.acting(guard.system("next alias")):
        number = Reflection.objects.filter(**{column: told}).count()
    return f"企业{LETTERS[number] if number < len(LETTERS) else number + 1}"


def next_code(model: type[Owned], head: str, office: Office) -> str:
    """`head`-<office>-<number>: the next free number of the office."""
    start = f"{head}-{office.pk}-"
    with guard.acting(guard.system("next number")):
        Office.objects.select_for_update(no_key=True).filter(pk=office.pk).first()
        codes = model.objects.filter(owner_office=office, code__startswith=start).values_list("code", flat=True)
        last = max((int(code.removeprefix(start)) for code in codes if code.removeprefix(start).isdigit()), default=0)
    return f"{start}{last + 1:04d}"


def _bare(text: str) -> str:
    return normal(text).replace(" ", "")
