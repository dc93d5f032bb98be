"""Reads of access: a user's grants; who is assigned to a record, who is recused from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import plain_username
from jiandu.base.audit.services import seen
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import plain_code
from jiandu.net.access.models import Assignment, Grant, Level, Owned, Recusal
from jiandu.net.access.roles import roles
from jiandu.net.access.signing import Signing
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office, Officer
from jiandu.net.subjects.models import in_force
from jiandu.net.subjects.names import person_name

Status = Signing.Status


def look(viewer: Viewer, thing: Owned, *, what: str) -> None:
    """What comes before a record is shown: of level ≥ 2 the look is logged, or nothing is shown."""
    guard.check_is_actor(viewer)
    if thing.level >= Level.SENSITIVE:
        seen(viewer, thing, what=what)


def numbered(viewer: Viewer, model: type[Owned], said: str, most: int) -> list[Any]:
    """The records of a kind in scope with this number, as typed or in plain half-width capitals.

    By office, for so a number is kept once: that index answers.
    """
    guard.check_is_actor(viewer)
    rows = model.objects.filter(owner_office__in=Office.objects.values("pk"), code__in={said, plain_code(said)})
    return list(rows.select_related("owner_office").order_by("pk")[:most])


def grants_of(viewer: Viewer, user: User) -> QuerySet[Grant]:
    """All grants of a user, those in force and past ones, newest first."""
    guard.check_is_actor(viewer)
    return (
        Grant.objects.filter(user=user).select_related("office", "organisation", "acts_for").order_by("-since", "-pk")
    )


def accounts(viewer: Viewer, text: str = "", *, with_disabled: bool = True) -> QuerySet[User]:
    """The accounts by name, each with the roles it holds today (`held`): for whoever opens and closes them."""
    guard.check_is_actor(viewer)
    rows = (
        User.objects.filter(Q(name__contains=text) | Q(username__contains=text.lower())) if text else User.objects.all()
    )
    held = Grant.objects.filter(in_force(today())).select_related("office", "organisation").order_by("since", "pk")
    rows = rows if with_disabled else rows.filter(is_active=True)
    return rows.order_by("name", "pk").prefetch_related(Prefetch("grants", held, to_attr="held"))


def account(viewer: Viewer, pk: int) -> User | None:
    """One account."""
    guard.check_is_actor(viewer)
    return User.objects.filter(pk=pk).first()


def account_named(viewer: Viewer, username: str) -> User | None:
    """The account in use with that login name."""
    guard.check_is_actor(viewer)
    return User.objects.filter(username=plain_username(username), is_active=True).first()


def account_called(viewer: Viewer, said: str) -> User | None:
    """The account in use of that login name, else of that name. Raises Refused (which-account) for namesakes."""
    found = account_named(viewer, said)
    if found is not None:
        return found
    rows = list(User.objects.filter(name=person_name(said), is_active=True).order_by("pk")[:2])
    if len(rows) > 1:
        raise Refused("which-account", "叫“%(name)s”的不止一人，请填写登录名", name=rows[0].name)
    return rows[0] if rows else None


def colleagues(viewer: Viewer) -> list[str]:
    """The names of those who serve in the viewer's offices today and sign in."""
    guard.check_is_actor(viewer)
    mine = Officer.objects.filter(in_force(today()), user_id=viewer.user_id or 0).values("office_id")
    rows = Officer.objects.filter(in_force(today()), office_id__in=mine, user__is_active=True)
    names = rows.exclude(user_id=viewer.user_id or 0).order_by("user__name").values_list("user__name", flat=True)
    return list(dict.fromkeys(names))


def recusals_by_user(viewer: Viewer, user: User) -> QuerySet[Recusal]:
    """From which units the user is and was recused; records are left out, they are not for who keeps accounts."""
    guard.check_is_actor(viewer)
    rows = Recusal.objects.filter(user=user, organisation__isnull=False).select_related("organisation")
    return rows.order_by("-since", "-pk")


def named_count(viewer: Viewer, user: User) -> tuple[int, int]:
    """How many records are opened to the user by name, and from how many the user is recused, today."""
    guard.check_is_actor(viewer)
    day = in_force(today())
    recused = Recusal.objects.filter(day, user=user, thing_uid__isnull=False)
    return Assignment.objects.filter(day, user=user).count(), recused.count()


def may_be_acted_for(viewer: Viewer) -> QuerySet[User]:
    """The leaders whom a secretary may act for."""
    guard.check_is_actor(viewer)
    keys = {role.acts_for for role in roles().values() if role.acts_for}
    held = Grant.objects.filter(in_force(today()), role__in=keys)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")


def assignments_of(viewer: Viewer, thing: Owned) -> QuerySet[Assignment]:
    """Which offices and persons the record is opened to today."""
    guard.check_is_actor(viewer)
    held = Assignment.objects.filter(in_force(today()), thing_uid=thing.uid)
    return held.select_related("office", "user").order_by("since", "pk")


def recusals_of(viewer: Viewer, thing: Owned, *, may: frozenset[str] | None = None) -> QuerySet[Recusal]:
    """Who is recused from the record today, unit recusals apart. Empty for whoever may not recuse.

    `may`: the viewer's verbs on it, where the page has asked for them already.
    """
    guard.check_is_actor(viewer)
    held = Recusal.objects.filter(in_force(today()), thing_uid=thing.uid).select_related("user").order_by("since", "pk")
    is_his = guard.allow(viewer, "recuse", thing) if may is None else "recuse" in may
    return held if is_his else held.none()


def can_take(viewer: Viewer, kind: str) -> QuerySet[User]:
    """The accounts in use with a role in force that sees records of the kind ("finding"): for choosing who is assigned."""
    guard.check_is_actor(viewer)
    keys = [key for key, role in roles().items() if role.may("view", kind) and role.reach not in {"none", "unit"}]
    held = Grant.objects.filter(in_force(today()), role__in=keys)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")


def holders_of(role: str) -> list[User]:
    """The accounts in use that hold the role today, wherever."""
    held = Grant.objects.filter(in_force(today()), role=role)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("pk"))


def of_queue(viewer: Viewer, rows: QuerySet[Any], which: str, root: type[Owned]) -> QuerySet[Any]:
    """Of a table of approvals: "all" that wait, "done", or what waits for this viewer ("mine"): decisions that he did not
    ask for, and papers that he may confirm and did not type.
    """
    guard.check_is_actor(viewer)
    if which == "done":
        return rows.filter(status__in=[Status.GRANTED, Status.REFUSED]).order_by("-signed_on", "-pk")
    waiting = rows.filter(status__in=[Status.WAITING, Status.ON_PAPER]).order_by("asked_on", "pk")
    if which == "all":
        return waiting
    mine = Q()
    if guard.allow(viewer, "approve", root):
        mine |= Q(status=Status.WAITING) & ~Q(asked_by_id=viewer.user_id)
    if guard.allow(viewer, "confirm_paper", root):
        mine |= Q(status=Status.ON_PAPER) & ~Q(typed_by_id=viewer.user_id)
    return waiting.filter(mine) if mine else waiting.none()


def facts_of(rows: QuerySet[Any], most: int, *, source: str, about: str) -> QuerySet[Any]:
    """The first of a table of approvals, as columns that all such tables have: to be shown in one list with the others.

    `about` is the column with the key of what it is about (`root`); `matter` says what was decided, where that is said.
    """
    has_verb = any(field.name == "verb" for field in rows.model._meta.get_fields())
    matter = Cast("verb", CharField()) if has_verb else text("")
    return _first_of(rows, most).values(*FACTS, source=text(source), root=F(about), matter=matter)


def _first_of(rows: QuerySet[Any], most: int) -> QuerySet[Any]:
    first = rows if rows.query.is_empty() else rows.model.objects.filter(pk__in=rows.values("pk")[:most])
    return first.order_by()


text = partial(Value, output_field=CharField())
FACTS = ("id", "status", "is_paper", "is_granted", "signer_name", "signed_on", "asked_by_name", "asked_on")


def instructions(viewer: Viewer, table: Any, which: str) -> QuerySet[Any]:
    """Of a table of 批示: "all" that wait for an answer, by term; "mine": given to the viewer's offices; or "done"."""
    guard.check_is_actor(viewer)
    if which == "done":
        return table.objects.filter(answered_on__isnull=False).order_by("-answered_on", "-pk")
    waiting = table.objects.filter(answered_on__isnull=True).order_by(F("due_on").asc(nulls_last=True), "pk")
    if which == "all":
        return waiting
    offices = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    return waiting.filter(given_to_id__in=offices)


def instructions_on(viewer: Viewer, thing: Owned, table: Any) -> list[Any]:
    """Those on one record, the latest first; closed to the unit that the record is about."""
    guard.check_is_actor(viewer)
    if isinstance(viewer.standing, Standing) and viewer.standing.is_of_unit_alone:
        return []
    rows = table.objects.filter(**{table.root_field: thing}).select_related("given_to")
    return list(rows.order_by("-on", "-pk"))


@dataclass(frozen=True)
class Sought:
    """Which 批示 are asked for: words in what was written or answered or in the record's own words (`columns`), the unit
    that the record is about (paths), the office that it was given to.
    """

    text: str = ""
    columns: tuple[str, ...] = ()
    units: tuple[str, ...] | None = None
    office: int | None = None


def instructions_sought(viewer: Viewer, rows: QuerySet[Any], sought: Sought) -> QuerySet[Any]:
    """Those of a table that match."""
    guard.check_is_actor(viewer)
    link = rows.model._meta.get_field(rows.model.root_field)
    about = link.related_model.objects.filter(pk=OuterRef(link.attname))
    if sought.office is not None:
        rows = rows.filter(given_to_id=sought.office)
    if sought.units is not None:
        rows = rows.filter(Exists(about.filter(subject_path__in=sought.units)))
    if sought.text:
        own = [Q(**{f"{name}__contains": sought.text}) for name in ("leader", "text", "answer")]
        words = [Q(**{f"{name}__contains": sought.text}) for name in sought.columns]
        spoken = Exists(about.filter(level__lte=Level.INTERNAL))  # of others no list shows the words
        rows = rows.filter(spoken, reduce(or_, own) | Q(Exists(about.filter(reduce(or_, words)))))
    return rows


def instruction_facts(rows: QuerySet[Any], most: int, *, source: str, names: Mapping[str, Any]) -> QuerySet[Any]:
    """The first of a table of 批示, as columns that all such tables have: to be shown in one list with the others.

    `names` says of the record what the list names it by, each an expression of its columns.
    """
    link = rows.model._meta.get_field(rows.model.root_field)
    about = link.related_model.objects.filter(pk=OuterRef(link.attname))
    said = {name: Subquery(about.annotate(said=told).values("said")[:1]) for name, told in names.items()}
    return _first_of(rows, most).values(*WRITTEN, source=text(source), office=F("given_to__name"), **said)


WRITTEN = ("id", "leader", "on", "text", "due_on", "answered_on", "answer")
