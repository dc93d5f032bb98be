"""Trees of divisions, units and offices: a parent for people, a path for queries.

A path is the keys of the line from the root down, each in six base-36 characters, without a separator: of equal width,
they need none, and digits before small letters sort alike under every collation we meet. So "everything below" is a
range on an index, `low <= path < high`, in SQLite and PostgreSQL alike, where LIKE would depend on collation.

Copies of a path on protected records (`owner_path`, `subject_path`) decide scope; they follow a move (see `places`).
"""

from django.db import models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr

from jiandu.base.core import places
from jiandu.base.core.errors import Refused

WIDTH = 6
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LAST = 36**WIDTH - 1
DEPTH = 32


class TreeModel(models.Model):
    """A node. A new one is created with its parent, then given its path by `place`; `move` changes both."""

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(
        max_length=DEPTH * WIDTH, blank=True, editable=False, db_index=True
    )  # every scope and subtree

    class Meta:
        abstract = True


def path_range(path: str) -> tuple[str, str]:
    """(low, high): a node is `path` or stands below it exactly when low <= its path < high.

    Raises ValueError for what is no path: an unplaced node has "", and its subtree must never be everything.
    """
    if not path or len(path) % WIDTH:
        raise ValueError(f"not a tree path: {path!r}")
    return path, path[:-WIDTH] + _code(int(path[-WIDTH:], 36) + 1)


def subtree_q(field: str, path: str) -> Q:
    """The condition that `field`, a path ("path", "organisation__path"), is `path` or below. Raises as path_range."""
    low, high = path_range(path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def child_path(parent: TreeModel | None, pk: int) -> str:
    """The path of node `pk` below `parent`, or as a root. ValueError below an unplaced parent, Refused where too deep.

    The last key of a path's width is refused as well, so that a range always has an upper end.
    """
    if not 0 < pk < LAST:
        raise ValueError(f"no path for key {pk}")
    above = path_range(parent.path)[0] if parent else ""
    if len(above) >= DEPTH * WIDTH:
        raise Refused("tree-depth", "层级过深，最多%(depth)s级", depth=DEPTH)
    return above + _code(pk)


@transaction.atomic
def place(node: TreeModel) -> None:
    """Give a node its path after creation, its parent read again under lock. Raises as child_path."""
    places.hold()
    if node.parent is not None:
        _lock(node.parent)
    node.path = child_path(node.parent, node.pk)
    node.save(update_fields=["path"])


@transaction.atomic
def move(node: TreeModel, new_parent: TreeModel | None) -> dict[str, int]:
    """Hang a node and all below it under `new_parent`, or make it a root. Raises Refused for a cycle, or as child_path.

    Both objects are read again under lock. Objects of descendants in memory keep their old path. Gives how many records
    of each kind carry a new path now.
    """
    places.hold_alone()
    _lock(node, *([new_parent] if new_parent else []))
    old, high = path_range(node.path)
    if new_parent is not None and new_parent.path.startswith(old):
        raise Refused("tree-cycle", "不能移到自身或下级之下")
    new = child_path(new_parent, node.pk)
    nodes = type(node)._base_manager  # noqa: SLF001 -- documented; a scoped manager would leave unseen rows behind
    nodes.filter(subtree_q("path", old)).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    nodes.filter(pk=node.pk).update(parent=new_parent)
    node.path, node.parent = new, new_parent
    return places.follow(type(node), old=old, high=high, new=new)


def _lock(*nodes: TreeModel) -> None:
    """Take the table's first row, which every change of a tree takes, then read the nodes' paths again.

    Locking the nodes alone would let two moves, each below the other's node, make a cycle; locking roots deadlocks, as
    roots change. Without the key: rows that refer to the first one may still be written. SQLite ignores the lock, its
    writers take turns anyway.
    """
    nodes_of = type(nodes[0])._base_manager  # noqa: SLF001 -- documented
    nodes_of.select_for_update(no_key=True).order_by("pk").first()
    for node in nodes:
        node.refresh_from_db(fields=["path"])


def _code(number: int) -> str:
    code = ""
    while number:
        number, digit = divmod(number, 36)
        code = DIGITS[digit] + code
    return code.rjust(WIDTH, "0")
