"""An empty database is migrated without rendering all models again for every step.

Django keeps the classes of each state whole: a new model, index or constraint renders anew every model that is related
to it, and through users and organisations nearly all of ours are. That was 12 of the 15 seconds of a first start, for
nobody: an empty database has no rows whose deletion would have to follow a relation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

_reload = ProjectState.reload_model


@contextmanager
def lean(connection: Any) -> Iterator[None]:
    """Within, a step on an empty database renders what it is about alone. A database with a history is left to Django."""
    if MigrationRecorder(connection).has_table():
        yield
        return
    whole = {name: getattr(ProjectState, name) for name in LEAN}
    _put_in(LEAN)
    try:
        yield
    finally:
        _put_in(whole)


def _put_in(ways: dict[str, Any]) -> None:
    for name, way in ways.items():
        setattr(ProjectState, name, way)


def _add_model(state: ProjectState, model: ModelState) -> None:
    """The new model is rendered among those that are there: nothing refers to it yet."""
    key = model.app_label, model.name_lower
    state.models[key] = model
    if vars(state)["_relations"] is not None:
        state.resolve_model_relations(key)
    if "apps" in vars(state):  # asking for it would render it
        state.apps.render_multiple([model])


def _reload_model(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
    """What changes no relation (Django says `delay`) is rendered alone."""
    if not delay:
        _reload(state, app_label, model_name)
    elif "apps" in vars(state):
        state.apps.unregister_model(app_label, model_name)
        state.apps.render_multiple([state.models[app_label, model_name]])


LEAN = {"add_model": _add_model, "reload_model": _reload_model}
