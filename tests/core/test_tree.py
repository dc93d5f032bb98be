"""Trees: a throw-away model, a few moves by hand, then any moves against parents kept in a dictionary."""

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.core.errors import Refused
from jiandu.base.core.tree import DEPTH, LAST, WIDTH, TreeModel, child_path, move, path_range, place, subtree_q
from jiandu.base.core.vendor.ownership import as_owner


class Node(TreeModel):
    name = models.CharField(max_length=16)

    class Meta:
        app_label = "tree_test"  # no installed app: no migration is missing

    def __str__(self):
        return self.name


class Leaf(models.Model):
    """A row elsewhere that belongs to a node."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT)

    class Meta:
        app_label = "tree_test"

    def __str__(self):
        return str(self.node)


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with as_owner(), connection.schema_editor() as editor:
            editor.create_model(Node)
            editor.create_model(Leaf)
        yield
        with as_owner(), connection.schema_editor() as editor:
            editor.delete_model(Leaf)
            editor.delete_model(Node)


def node(name, parent=None):
    made = Node.objects.create(name=name, parent=parent)
    place(made)
    return made


def below(top):
    return [made.name for made in Node.objects.filter(subtree_q("path", top.path)).order_by("name")]


def parents():
    return {made.name: made.parent.name if made.parent else None for made in Node.objects.select_related("parent")}


@pytest.mark.parametrize(
    ("path", "high"),
    [
        ("000001", "000002"),
        ("00000z", "000010"),
        ("00zzzz", "010000"),
        ("00000100000z", "000001000010"),
    ],
)
def test_path_range_ends_before_the_next_sibling(path, high):
    assert path_range(path) == (path, high)


@pytest.mark.parametrize("path", ["", "00001", "0000011"])
def test_path_range_refuses_what_is_no_path(path):
    with pytest.raises(ValueError, match="not a tree path"):
        path_range(path)


@given(*[st.lists(st.integers(1, LAST - 1), min_size=1, max_size=4)] * 2)
def test_path_range_holds_exactly_what_stands_below(top, other):
    def path_of(keys):
        return "".join(child_path(None, key) for key in keys)

    low, high = path_range(path_of(top))
    assert (low <= path_of(other) < high) == (other[: len(top)] == top)


@given(st.integers(1, LAST - 1))
def test_child_path_is_the_key_in_base_36(key):
    path = child_path(None, key)
    assert (int(path, 36), len(path), path.lower()) == (key, WIDTH, path)


@pytest.mark.parametrize("key", [0, -1, LAST])
def test_child_path_refuses_a_key_without_a_path(key):
    with pytest.raises(ValueError, match="no path for key"):
        child_path(None, key)


def test_child_path_refuses_an_unplaced_parent():
    with pytest.raises(ValueError, match="not a tree path"):
        child_path(Node(name="new"), 1)


def test_child_path_refuses_more_levels_than_a_path_holds():
    with pytest.raises(Refused) as caught:
        child_path(Node(path="000001" * DEPTH), 2)
    assert (caught.value.rule, str(caught.value)) == ("tree-depth", "层级过深，最多32级")


@pytest.mark.django_db
def test_place_puts_a_node_below_its_parent():
    city = node("city")
    town = node("town", city)
    village = node("village", town)
    assert village.path == child_path(None, city.pk) + child_path(None, town.pk) + child_path(None, village.pk)
    assert Node.objects.get(pk=village.pk).path == village.path
    assert (below(city), below(town)) == (["city", "town", "village"], ["town", "village"])


@pytest.mark.django_db
def test_place_reads_the_parent_again():
    first, second = node("first"), node("second")
    stale = node("town", first)
    move(Node.objects.get(pk=stale.pk), second)
    node("village", stale)
    assert below(second) == ["second", "town", "village"]


@pytest.mark.django_db
def test_subtree_q_follows_a_relation():
    city, other = node("city"), node("other")
    leaf = Leaf.objects.create(node=node("town", city))
    assert list(Leaf.objects.filter(subtree_q("node__path", city.path))) == [leaf]
    assert list(Leaf.objects.filter(subtree_q("node__path", other.path))) == []


@pytest.mark.django_db
def test_move_takes_all_below_along():
    west, east = node("west"), node("east")
    town = node("town", west)
    village = node("village", town)
    move(town, east)
    assert (below(west), below(east)) == (["west"], ["east", "town", "village"])
    assert (town.parent, town.path) == (east, east.path + child_path(None, town.pk))
    assert parents() == {"west": None, "east": None, "town": "east", "village": "town"}
    village.refresh_from_db()
    assert village.path == town.path + child_path(None, village.pk)


@pytest.mark.django_db
def test_move_to_no_parent_makes_a_root():
    town = node("town", node("city"))
    move(town, None)
    assert (town.path, parents()) == (child_path(None, town.pk), {"city": None, "town": None})


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["city", "town", "village"])
def test_move_below_itself_is_refused(target):
    city = node("city")
    town = node("town", city)
    village = node("village", town)
    with pytest.raises(Refused) as caught:
        move(city, {"city": city, "town": town, "village": village}[target])
    assert (caught.value.rule, str(caught.value)) == ("tree-cycle", "不能移到自身或下级之下")
    assert (parents(), below(city)) == ({"city": None, "town": "city", "village": "town"}, ["city", "town", "village"])


@pytest.mark.django_db
def test_move_with_stale_objects_still_sees_the_cycle():
    first, second = node("first"), node("second")
    move(Node.objects.get(pk=second.pk), Node.objects.get(pk=first.pk))
    with pytest.raises(Refused):
        move(first, second)


@pytest.mark.django_db
def test_move_of_an_unplaced_node_is_refused():
    with pytest.raises(ValueError, match="not a tree path"):
        move(Node.objects.create(name="new"), node("city"))


@pytest.mark.django_db
def test_move_takes_as_many_queries_for_many_as_for_one(django_assert_num_queries):
    east, town = node("east"), node("town", node("west"))
    for number in range(5):
        node(f"village {number}", town)
    ours = 7  # savepoint, lock, two paths, paths below, parent, release
    with django_assert_num_queries(ours + (connection.vendor == "postgresql")):  # and there the lock of all places
        move(town, east)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_move_any_number_of_times_keeps_paths_and_parents_agreed(data):
    size = data.draw(st.integers(1, 7))
    spots = st.integers(0, size)  # 0: no parent
    with transaction.atomic():
        made = {}
        above = {number: data.draw(st.integers(0, number - 1)) for number in range(1, size + 1)}
        for number, parent in above.items():
            made[number] = node(str(number), made.get(parent))
        for moved, target in data.draw(st.lists(st.tuples(st.integers(1, size), spots), max_size=6)):
            if moved in line(above, target):
                with pytest.raises(Refused):
                    move(made[moved], made.get(target))
            else:
                move(made[moved], made.get(target))
                above[moved] = target
        paths = {int(row.name): row.path for row in Node.objects.all()}
        expected = {
            number: "".join(child_path(None, made[step].pk) for step in reversed(line(above, number)))
            for number in above
        }
        assert paths == expected
        transaction.set_rollback(True)


def line(above, number):
    """The numbers from a node up to its root."""
    steps = []
    while number:
        steps.append(number)
        number = above[number]
    return steps
