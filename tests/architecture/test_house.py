"""The rules of the house that no linter can hold."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import path

from jiandu.base.core.guarded import Guarded, Own, Part
from jiandu.net.access.models import Owned
from jiandu.net.access.roles import known_verbs, roles
from jiandu.surfaces.door.routes import declared

SOURCE = Path(__file__).resolve().parents[2] / "src" / "jiandu"


def lines(pattern: str, *, under: str = "", but: tuple[str, ...] = ()) -> list[str]:
    """file:line of each match, migrations apart."""
    found = []
    for file in sorted((SOURCE / under).rglob("*.py")):
        where = str(file.relative_to(SOURCE))
        if "migrations" in file.parts or where.startswith(but):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(pattern, line):
                found.append(f"{where}:{number}")
    return found


def test_surfaces_never_write_or_query_by_themselves() -> None:
    assert (
        lines(
            r"\.objects\b|\.save\(|\.delete\(|bulk_create|bulk_update",
            under="surfaces",
            but=("surfaces/console/reviving.py",),
        )
        == []
    )


def test_no_hidden_couplings() -> None:
    assert lines(r"post_save|GenericForeignKey|is_superuser|is_staff") == []


def test_the_guard_has_no_side_doors() -> None:
    used = {where.split(":")[0] for where in lines(r"\.raw\(|\.extra\(|_base_manager|judged\(|unguarded\(")}
    known = {
        "base/core/guard.py",
        "base/core/guarded.py",
        "base/core/tripwire.py",
        "base/core/tree.py",
        "net/access/policy.py",
    }
    assert used - known == {"net/access/management/commands/migrate.py"}


def test_roots_and_parts_are_guarded() -> None:
    guarded = [model for model in apps.get_models() if issubclass(model, Guarded)]
    assert {model.__name__ for model in guarded if issubclass(model, Owned)} >= {
        "Finding",
        "Activity",
        "Signal",
        "RuleMade",
    }
    for model in guarded:
        assert type(model._base_manager).__name__ == "ScopedManager", model
        if issubclass(model, Part):
            assert issubclass(model._meta.get_field(model.root_field).related_model, Owned | Own)


def test_a_bare_path_is_refused() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(ImproperlyConfigured):
        declared([path("bare/", view)])


def test_administrators_see_no_business() -> None:
    business = {
        verb
        for verb in known_verbs()
        if verb.split(":")[0]
        in {"finding", "activity", "signal", "rule_made", "money_recovered", "person_talked", "measure", "review"}
    }
    for key in ("system_admin", "security_admin", "audit_admin"):
        assert roles()[key].separated
        assert not roles()[key].verbs & business


def test_every_role_has_both_names() -> None:
    assert all(role.zh and role.en for role in roles().values())
    assert len(roles()) == 21


def test_whatever_is_taken_back_takes_the_day_that_its_form_asks() -> None:
    """The form of 撤下 asks for a day and a reason: a service that lacks one of them would fail on its button."""
    packages = ("jiandu.sources", "jiandu.loop", "jiandu.results")
    modules = [
        import_module(info.name)
        for package in packages
        for info in pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
        if ".services" in info.name
    ]
    services = {
        f"{module.__name__}.{name}": inspect.signature(thing).parameters
        for module in modules
        for name, thing in vars(module).items()
        if inspect.isfunction(thing)
        and thing.__module__ == module.__name__
        and "take_back(" in inspect.getsource(thing)
    }
    asked = {name: said for name, said in services.items() if "reason" in said}
    assert len(asked) > 20
    assert {name for name, said in asked.items() if "on" not in said} == set()
