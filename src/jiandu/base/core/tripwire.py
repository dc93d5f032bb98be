"""Reads every statement before it runs and refuses one that touches a protected table without the actor's scope.

For each alias of a root in each SELECT, UPDATE or DELETE it demands the root's own marker with the current viewer's
digest as a condition that must hold; for each alias of a part, a tie to a marked root. A presence check would let a
combined query through with two markers on one alias, so the statement is parsed (sqlglot) and judged by structure;
the verdict is kept by statement.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlglot
from django.db.backends.signals import connection_created
from sqlglot import exp

from jiandu.base.core import guard
from jiandu.base.core.guard import NotScoped
from jiandu.base.core.guarded import protected_tables
from jiandu.base.core.vendor import row_security

DIGEST = re.compile(r"> -(\d{19})\b")
DIGEST_LITERAL = "1000000000000000000"
LISTS = re.compile(r"\((?:%s, )+%s\)")
WORDS = re.compile(r"[0-9a-z_]+")
#: What reads and writes no rows. Any other statement is read: a list of those that do would be passed by a comment before them.
OTHER = re.compile(
    r"\s*(?:CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|COMMENT|LOCK|ANALYZE|VACUUM|REINDEX|PRAGMA|SET|SHOW|DO"
    r"|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b",
    re.IGNORECASE,
)


def install() -> None:
    """Every connection gets the tripwire when it opens."""
    connection_created.connect(_equip, dispatch_uid="jiandu.tripwire")


def _equip(*, connection: Any, **_: Any) -> None:
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def _watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    text = sql if isinstance(sql, str) else sql.as_string(connection.connection)
    touches = _mentions(text)
    if touches and not guard.is_unguarded():
        check(text, connection)
    row_security.keep_told(connection, text, touches=touches)
    return execute(sql, params, many, context)


def check(sql: str, connection: Any) -> None:
    """Raises NotScoped for a statement that reaches a protected table without the current viewer's scope."""
    viewer = guard.require_actor()
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        raise NotScoped("a protected table outside a transaction: row-level security would not know who acts")
    if any(int(digest) != viewer.digest for digest in DIGEST.findall(sql)):
        raise NotScoped("a queryset built for another viewer: build querysets where they run")
    shape = LISTS.sub("(%s)", DIGEST.sub(f"> -{DIGEST_LITERAL}", sql))
    problem, inserts = judge(shape, connection.vendor)
    if problem:
        raise NotScoped(f"{problem}: {sql[:300]}")
    for table in inserts:
        if not guard.is_permitted(table):
            raise NotScoped(f"insert into {table} was not checked against the writer's scope")


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    roots, parts = protected_tables()
    return frozenset([*roots, *parts])


def _mentions(sql: str) -> bool:
    """Whether a protected table's name stands in it as a word: each statement is asked, so by a set and not by a pattern."""
    return not OTHER.match(sql) and not _names().isdisjoint(WORDS.findall(sql.lower()))


@lru_cache(maxsize=8192)
def judge(shape: str, vendor: str) -> tuple[str, tuple[str, ...]]:
    """(what is wrong, "" if nothing; protected tables it inserts into) for a statement with its values removed."""
    dialect = "postgres" if vendor == "postgresql" else "sqlite"
    try:
        trees = sqlglot.parse(shape.replace("%s", "?").replace("%%", "%"), dialect=dialect)
    except sqlglot.errors.SqlglotError:
        return "statement cannot be read, and names a protected table", ()
    inserts: list[str] = []
    for tree in trees:
        problem = _problem_of(tree, inserts) if tree is not None else ""
        if problem:
            return problem, ()
    return "", tuple(inserts)


def _problem_of(tree: exp.Expr, inserts: list[str]) -> str:
    seen = 0
    for node in tree.find_all(exp.Select, exp.Update, exp.Delete, exp.Insert):
        if isinstance(node, exp.Insert):
            name = _target(node)
            seen += name is not None
            inserts.extend([name] if name else [])
            continue
        tables = dict(_sources(node))
        seen += len(tables)
        for alias, table in tables.items():
            if not _covered(_conditions(node), alias, table, node):
                return f"{table} (alias {alias}) is not scoped"
    return "" if seen == _named(tree) else "a protected table stands where its scope cannot be checked"


def _named(tree: exp.Expr) -> int:
    """How many times the statement names a protected table; FOR UPDATE OF repeats an alias, it reads nothing."""
    return sum(_protected(table.name) for table in tree.find_all(exp.Table) if table.find_ancestor(exp.Lock) is None)


def _protected(name: str) -> bool:
    roots, parts = protected_tables()
    return name.lower() in roots or name.lower() in parts


def _target(node: exp.Insert) -> str | None:
    table = node.this.find(exp.Table) if node.this is not None else None
    return table.name.lower() if table is not None and _protected(table.name) else None


def _sources(node: exp.Expr) -> Iterator[tuple[str, str]]:
    """(alias, table) of each protected table that the statement itself reads or changes (not its subqueries)."""
    candidates: list[Any] = []
    if isinstance(node, exp.Update | exp.Delete):
        candidates.append(node.this)
    clause = node.args.get("from_") or node.args.get("from")
    candidates.extend([clause.this] if clause is not None else [])
    candidates.extend(join.this for join in node.args.get("joins") or [])
    for source in candidates:
        if isinstance(source, exp.Table):
            candidates_of = [source, *(join.this for join in source.args.get("joins") or [])]
            for table in candidates_of:
                if isinstance(table, exp.Table) and _protected(table.name):
                    yield table.alias_or_name, table.name.lower()


def _conditions(node: exp.Expr) -> list[exp.Expr]:
    """What must hold for a row of the statement: WHERE and the ON of each join."""
    where = node.args.get("where")
    conditions = [where.this] if where is not None else []
    return conditions + [join.args["on"] for join in node.args.get("joins") or [] if join.args.get("on") is not None]


def _covered(conditions: list[exp.Expr], alias: str, table: str, node: exp.Expr) -> bool:
    roots, parts = protected_tables()
    if table in roots:
        return any(_must(condition, lambda one: _is_marker(one, alias, roots[table])) for condition in conditions)
    column, root, key = parts[table]
    marked = {other for other, name in _sources(node) if name == root and _covered(conditions, other, root, node)}
    marked |= _marked_around(node, root)
    return any(
        _must(
            condition,
            lambda one: _is_tie(one, (alias, column), marked, key) or _is_exists(one, (alias, column), root, key),
        )
        for condition in conditions
    )


def _marked_around(node: exp.Expr, root: str) -> set[str]:
    """Aliases of marked roots in the statements around a subquery, which may tie its parts to the row that they look at.

    An alias that the subquery uses itself stands for its own table there, and does not count.
    """
    own = {table.alias_or_name for table in node.find_all(exp.Table)}
    marked: set[str] = set()
    outer = node.find_ancestor(exp.Select, exp.Update, exp.Delete)
    while outer is not None:
        conditions = _conditions(outer)
        near = [alias for alias, name in _sources(outer) if name == root and alias not in own]
        marked |= {alias for alias in near if _covered(conditions, alias, root, outer)}
        own |= {alias for alias, _ in _sources(outer)}
        outer = outer.find_ancestor(exp.Select, exp.Update, exp.Delete)
    return marked


def _must(condition: exp.Expr, holds: Callable[[exp.Expr], bool]) -> bool:
    """True when the condition cannot be met without `holds`: through AND any side will do, through OR every side."""
    if isinstance(condition, exp.Paren):
        return _must(condition.this, holds)
    if isinstance(condition, exp.And):
        return _must(condition.left, holds) or _must(condition.right, holds)
    if isinstance(condition, exp.Or):
        return _must(condition.left, holds) and _must(condition.right, holds)
    return holds(condition)


def _is_marker(one: exp.Expr, alias: str, key: str) -> bool:
    if not isinstance(one, exp.GT) or not _is_column(one.left, alias, key):
        return False
    value = one.right
    return isinstance(value, exp.Neg) and isinstance(value.this, exp.Literal) and value.this.name == DIGEST_LITERAL


def _is_tie(one: exp.Expr, part: tuple[str, str], marked: set[str], key: str) -> bool:
    """part.root_id = root.id, where that root is marked in the same statement."""
    if not isinstance(one, exp.EQ):
        return False
    sides = [(one.left, one.right), (one.right, one.left)]
    return any(
        _is_column(mine, *part) and any(_is_column(theirs, root, key) for root in marked) for mine, theirs in sides
    )


def _is_exists(one: exp.Expr, part: tuple[str, str], root: str, key: str) -> bool:
    """EXISTS (SELECT … FROM root WHERE root.id = part.root_id AND marker)."""
    if not isinstance(one, exp.Exists):
        return False
    inner = one.this
    if not isinstance(inner, exp.Select):
        return False
    conditions = _conditions(inner)
    marked = {alias for alias, name in _sources(inner) if name == root and _covered(conditions, alias, root, inner)}
    return any(_must(condition, lambda each: _is_tie(each, part, marked, key)) for condition in conditions)


def _is_column(node: exp.Expr, alias: str, name: str) -> bool:
    bare = node.unnest()
    return isinstance(bare, exp.Column) and bare.table == alias and bare.name == name
