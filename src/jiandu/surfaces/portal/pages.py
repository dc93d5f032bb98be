"""How a page of the portal is rendered: the language is part of its address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language


def show(request: HttpRequest, name: str, said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page of this name."""
    tail = "?lang=en" if get_language() == "en" else ""
    return render(request, f"portal/{name}.html", {**said, "tail": tail}, status=status)
