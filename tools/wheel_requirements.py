"""Build hook: a wheel asks for what requirements.in asks for, so that there is one list, and it brings the front-end kit."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

KIT = "src/jiandu/base/ui/static/kit/.stamp"
CATALOGUE = "src/jiandu/locale/en/LC_MESSAGES/django.mo"


class Requirements(MetadataHookInterface):
    """Fills `dependencies` of pyproject.toml."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Each line of requirements.in without its reason. Raises RuntimeError when the kit or the catalogue is not made."""
        root = Path(self.root)
        missing = [name for name in (KIT, CATALOGUE) if not (root / name).exists()]
        if missing:
            raise RuntimeError(f"run ./jiandu check first: the wheel would lack {', '.join(missing)}")
        lines = (line.split("#")[0].strip() for line in (root / "requirements.in").read_text("utf-8").splitlines())
        metadata["dependencies"] = [line for line in lines if line]
