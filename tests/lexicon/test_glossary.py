"""Each model, choice, role, menu entry and dictionary has a row in docs/glossary.md that says what the screen says."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Choices, Model
from tests.lexicon import glossary

from jiandu.base.lexicon.dictionaries import defaults
from jiandu.net.access.roles import roles
from jiandu.surfaces.door.menu import MENU

INNER = {"accounts.Failure", "audit.Head", "audit.Payload", "findings.Gram"}  # tables without a screen
CONTEXTS = [app for app in apps.get_app_configs() if app.name.startswith("jiandu.") and ".surfaces." not in app.name]


def models() -> list[type[Model]]:
    return [model for app in CONTEXTS for model in app.get_models() if model._meta.label not in INNER]


def choices() -> Iterator[tuple[str, type[Choices]]]:
    """("app.Class" or "app.Model.Class", the choices) wherever a context defines some."""
    for app in CONTEXTS:
        for info in pkgutil.iter_modules([app.path], f"{app.name}."):
            if info.name.rpartition(".")[2] not in {
                "models",
                "project_parts",
                "arrangements",
                "collectives",
                "journals",
                "lists",
                "states",
                "readings",
                "signing",
            }:
                continue
            for thing in vars(import_module(info.name)).values():
                if inspect.isclass(thing) and thing.__module__ == info.name:
                    yield from _within(app.label, thing)


def _within(label: str, thing: type) -> Iterator[tuple[str, type[Choices]]]:
    for one in (thing, *vars(thing).values()):
        if inspect.isclass(one) and issubclass(one, Choices) and one.__module__ == thing.__module__:
            yield f"{label}.{one.__qualname__}", one


def expected() -> dict[str, str]:
    """code → Chinese, as the code has it."""
    said = {model._meta.label: str(model._meta.verbose_name) for model in models()}
    said |= {f"{name}.{one.name}": str(one.label) for name, kind in choices() for one in kind}  # type: ignore[attr-defined]
    said |= {f"role:{role.key}": role.zh for role in roles().values()}
    said |= {f"menu:{entry.url}": entry.label for entry in MENU}
    return said | {f"dictionary:{one.kind}": one.zh for one in defaults()}


@pytest.mark.parametrize(("code", "zh"), sorted(expected().items()))
def test_each_word_of_the_code_has_a_row(code, zh):
    assert glossary.words().get(code, ("no row in docs/glossary.md",))[0] == zh


def test_no_row_stands_twice_or_for_nothing():
    codes = [code for code, _, _ in glossary.rows()]
    assert sorted(codes) == sorted(set(codes))
    assert sorted(set(codes) - set(expected())) == []


def test_each_row_has_english_words():
    assert [code for code, _, en in glossary.rows() if not en.isascii()] == []


def test_roles_and_dictionaries_have_the_same_english_everywhere():
    said = {f"role:{role.key}": role.en for role in roles().values()}
    said |= {f"dictionary:{one.kind}": one.en for one in defaults()}
    assert {code: glossary.words()[code][1] for code in said} == said
