"""待补: what a complete record of a finding has and one may lack, as conditions, and the indexes that hold them."""

from functools import reduce
from operator import or_

from django.db.models import Index, Q

#: How each column of a complete record looks while it is empty.
LACKS = {
    "facts": Q(facts=""),
    "aspect": Q(aspect__isnull=True),
    "basis": Q(basis=""),
    "rectification": Q(rectification=""),
    "due_on": Q(due_on__isnull=True),
    "rectifier_name": Q(rectifier_name=""),
}
LACKS_ANY = reduce(or_, LACKS.values())


def indexes() -> list[Index]:
    """The ledger's usual order of all that lacks something, and of what lacks a column that no other index holds."""
    names = ("facts", "basis", "due_on", "rectifier_name")
    wanted = {"any": LACKS_ANY, **{name: LACKS[name] for name in names}}
    return [
        Index(fields=["-registered_on", "-id"], condition=condition, name=f"finding_lacks_{name}")
        for name, condition in wanted.items()
    ]
