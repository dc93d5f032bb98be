"""What a user stands as today: the grants in force, with the places they reach. Built anew for each request and job."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Value

from jiandu.base.accounts.models import User
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import WIDTH
from jiandu.net.access.models import Grant, Recusal
from jiandu.net.access.persons import Who
from jiandu.net.access.roles import roles
from jiandu.net.overseers.models import Office, Officer, Supervision
from jiandu.net.subjects.models import Organisation, Post


@dataclass(frozen=True)
class Hold:
    """One grant in force: a role at a place."""

    role: str
    office_id: int | None = None
    path: str = ""  # of the office, or of its city for roles that reach the city
    unit_path: str = ""  # of the responsible unit, for its operator
    subject_paths: tuple[str, ...] = ()  # the units that the office supervises
    acts_for: str = ""
    is_by_place: bool = False  # reads alone: `subject_paths` are then the villages that lie in the office's town


@dataclass(frozen=True)
class Standing:
    """All holds of a user, and the units that the user must keep away from."""

    holds: tuple[Hold, ...] = ()
    barred_paths: tuple[str, ...] = ()
    office_id: int | None = None
    office_name: str = ""
    unit_name: str = ""
    roles: tuple[str, ...] = field(default=())

    @property
    def office_ids(self) -> tuple[int, ...]:
        return tuple(sorted({hold.office_id for hold in self.holds if hold.office_id}))

    @property
    def paths(self) -> tuple[str, ...]:
        """Office subtrees that are reached at level ≤ 1."""
        wide = (hold for hold in self.holds if hold.path and roles()[hold.role].reach in {"subtree", "city"})
        return tuple(sorted({hold.path for hold in wide}))

    @property
    def subject_paths(self) -> tuple[str, ...]:
        """Units that are reached: supervised ones, and the operator's own."""
        units = {hold.unit_path for hold in self.holds if hold.unit_path}
        return tuple(sorted(units | {path for hold in self.holds for path in hold.subject_paths}))

    @property
    def is_of_unit_alone(self) -> bool:
        """Nothing but an operator of responsible units: what the net decides among itself is closed."""
        return bool(self.holds) and all(hold.unit_path for hold in self.holds)

    @property
    def clearance(self) -> int:
        return max((roles()[hold.role].clearance for hold in self.holds), default=0)


def viewer_of(user: User) -> Viewer:
    """The viewer for a signed-in user. An inactive user stands as nothing."""
    standing = _standing(user, today()) if user.is_active else Standing()
    return Viewer(key=f"user:{user.pk}", name=user.name, user_id=user.pk, standing=standing)


def _in_force(day: date) -> Q:
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gte=day))


def _standing(user: User, day: date) -> Standing:
    grants = list(
        Grant.objects.filter(_in_force(day), user=user)
        .select_related("office", "organisation", "acts_for")
        .order_by("pk")
    )
    keys = [grant.office_id for grant in grants if grant.office_id]
    supervised, by_place = _supervised(keys, day)
    known = [grant for grant in grants if grant.role in roles()]
    holds = (*(_hold(grant, supervised) for grant in known), *_holds_by_place(known, by_place))
    first = next((grant.office for grant in grants if grant.office), None)
    unit = next((grant.organisation.name for grant in grants if grant.organisation), "")
    return Standing(
        holds=holds,
        barred_paths=_barred(user, day),
        office_id=first.pk if first else None,
        office_name=first.name if first else "",
        unit_name=unit,
        roles=tuple(dict.fromkeys(hold.role for hold in holds)),
    )


def _hold(grant: Grant, supervised: dict[int, tuple[str, ...]]) -> Hold:
    role = roles()[grant.role]
    path = grant.office.path if grant.office else ""
    return Hold(
        role=grant.role,
        office_id=grant.office_id,
        path=_root_path(path) if role.reach == "city" else path,
        unit_path=grant.organisation.path if grant.organisation else "",
        subject_paths=supervised.get(grant.office_id or 0, ()) if role.reach != "none" else (),
        acts_for=grant.acts_for.name if grant.acts_for else "",
    )


def _root_path(path: str) -> str:
    """The commission at the root of the offices' tree."""
    return path[:WIDTH]


def _holds_by_place(grants: list[Grant], villages: dict[int, tuple[str, ...]]) -> tuple[Hold, ...]:
    """The same role once more, for reading what lies in the town; a role that reaches nothing reads nothing there."""
    return tuple(
        Hold(role=grant.role, subject_paths=villages[grant.office_id], is_by_place=True)
        for grant in grants
        if grant.office_id in villages and roles()[grant.role].reach != "none"
    )


def _supervised(office_ids: list[int], day: date) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """By office, the units that it watches, and for a town's commission that watches its town the villages that lie there.

    One statement: each request asks it.
    """
    rows = Supervision.objects.filter(_in_force(day), office_id__in=office_ids)
    of_town = rows.filter(office__kind=Office.Kind.TOWN, organisation__kind=Organisation.Kind.TOWN)
    own = rows.values_list("office_id", "organisation__path", Value(0))
    near = [
        of_town.filter(**{f"{way}__kind": Organisation.Kind.VILLAGE}).values_list("office_id", f"{way}__path", Value(1))
        for way in ("organisation__region__organisation", "organisation__region__children__organisation")
    ]
    found: tuple[dict[int, list[str]], dict[int, list[str]]] = {}, {}
    for office_id, path, is_near in own.union(*near):
        found[is_near].setdefault(office_id, []).append(path)
    first, second = ({office_id: tuple(sorted(paths)) for office_id, paths in one.items()} for one in found)
    return first, second


def _barred(user: User, day: date) -> tuple[str, ...]:
    """Units the user must keep away from: named in a recusal, or where the user's own person holds a post."""
    recused = Recusal.objects.filter(_in_force(day), user=user, organisation__isnull=False)
    posts = Post.objects.filter(_in_force(day), person__services__user=user)
    paths = recused.values_list("organisation__path").union(posts.values_list("organisation__path"))
    return tuple(sorted(path for (path,) in paths))  # one statement: each request asks


def who_is(user_id: int) -> tuple[int | None, tuple[str, ...]]:
    """(the person behind an account, paths of the units where that person holds a post or the account works today)."""
    day = today()
    person_id = Officer.objects.filter(_in_force(day), user_id=user_id).values_list("person_id", flat=True).first()
    works = Grant.objects.filter(_in_force(day), user_id=user_id, organisation__isnull=False)
    units = {*works.values_list("organisation__path", flat=True), *(units_of(person_id) if person_id else ())}
    return person_id, tuple(sorted(units))


def serves_as_officer(person_id: int | None) -> bool:
    """Whether the person serves in an office today."""
    return Officer.objects.filter(_in_force(today()), person_id=person_id or 0).exists()


def account_of(person_id: int | None) -> User | None:
    """The account with which the person signs in as an officer today, if there is one."""
    rows = Officer.objects.filter(_in_force(today()), person_id=person_id or 0, user__isnull=False)
    serving = rows.select_related("user").order_by("pk").first()
    return serving.user if serving else None


def viewer_as_person(by: Viewer) -> Who:
    """The viewer as a person in an act: matched through the account, with the units where the person holds a post."""
    person_id, unit_paths = who_is(by.user_id) if by.user_id else (None, ())
    return Who(name=by.name, person_id=person_id, unit_paths=unit_paths)


def units_of(person_id: int) -> tuple[str, ...]:
    """Paths of the units where the person holds a post today."""
    posts = Post.objects.filter(_in_force(today()), person_id=person_id)
    return tuple(posts.order_by("organisation__path").values_list("organisation__path", flat=True))
