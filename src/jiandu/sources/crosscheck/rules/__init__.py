"""Every rule, found by its module: a module says RULE, or RULES where several read the same tables."""

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from jiandu.base.core.errors import Refused
from jiandu.sources.crosscheck.rule import Rule


@cache
def known() -> dict[str, Rule]:
    """Rule by its id, in order of their ids."""
    found: list[Rule] = []
    for module in pkgutil.iter_modules(__path__):
        said = import_module(f"{__name__}.{module.name}")
        found += getattr(said, "RULES", None) or [said.RULE]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: _order(rule.id))}


def named(names: list[str], more: Iterable[Rule] = ()) -> list[Rule]:
    """Rules by id, or all whose id begins so (M08 means M08-1, M08-2 …); no name means all. Raises Refused.

    `more` are rules that were told as data; they stand beside the house's own.
    """
    every = known() | {rule.id: rule for rule in more}
    chosen: dict[str, Rule] = {}
    for name in names or list(every):
        fitting = {
            key: rule for key, rule in every.items() if key == name.upper() or key.startswith(f"{name.upper()}-")
        }
        if not fitting:
            raise Refused("rule", "没有这条规则：%(name)s；可用：%(known)s", name=name, known=", ".join(every))
        chosen |= fitting
    return list(chosen.values())


def _order(name: str) -> tuple[object, ...]:
    """SZ-02 before SZ-10, M08-2 before M08-10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in name.replace("M", "M-").split("-"))
