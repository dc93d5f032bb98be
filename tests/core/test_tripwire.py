"""Which statements the tripwire reads: every one that names a protected table, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiandu.base.core.guarded import protected_tables
from jiandu.base.core.tripwire import _mentions

NAMES = sorted(name for kind in protected_tables() for name in kind)
FORMS = (
    "SELECT * FROM {}",
    'select "x".* from "{}" "x"',
    "UPDATE [{}] SET a = 1",
    "DELETE FROM `{}`",
    'INSERT INTO main."{}" VALUES (1)',
    "/* said */ WITH one AS (SELECT 1 FROM public.{}) SELECT * FROM one",
    "-- said\n(SELECT 1 FROM\t{}\n)",
    "/* a /* nested */ comment */ SELECT 1 FROM {};",
    "EXPLAIN SELECT a FROM é{}é, b",
)


@given(name=st.sampled_from(NAMES), form=st.sampled_from(FORMS), data=st.data())
def test_a_named_table_is_never_missed(name: str, form: str, data: st.DataObject) -> None:
    cases = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    said = "".join(each.upper() if is_upper else each for each, is_upper in zip(name, cases, strict=True))
    assert _mentions(form.format(said))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        'SELECT "subjects_post"."id" FROM "subjects_post"',
        "BEGIN",
        "SELECT 1 FROM x_{}",
        "PRAGMA table_info({})",
    ],
)
def test_other_statements_are_let_by(sql: str) -> None:
    """The control: not every statement is read."""
    assert not _mentions(sql.format(NAMES[0]))
