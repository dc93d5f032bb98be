"""A person in an act, and whether two acts were done by two persons. Pure: asks no database."""

from dataclasses import dataclass

from jiandu.base.core.errors import Refused
from jiandu.net.subjects.names import person_name


@dataclass(frozen=True)
class Who:
    """A person in an act: the person's key when matched, the name as written, the units where the person holds a post."""

    name: str
    person_id: int | None = None
    unit_paths: tuple[str, ...] = ()

    def serves_in(self, unit_path: str) -> bool:
        return bool(unit_path) and any(path.startswith(unit_path) for path in self.unit_paths)


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike but for spaces and dots: 张　三 is 张三."""
    return person_name(one) == person_name(other)


def check_other_person(approver: Who, earlier: Who) -> None:
    """The approver did not ask for, verify or rectify it. Raises Refused (approve-other-person)."""
    if approver.person_id and approver.person_id == earlier.person_id:
        raise Refused("approve-other-person", "审批人不能是提请人、核验人或整改责任人:%(name)s", name=approver.name)
    if not (approver.person_id and earlier.person_id) and same_name(approver.name, earlier.name):
        raise Refused("approve-other-person", "审批人不能是提请人、核验人或整改责任人:%(name)s", name=approver.name)
