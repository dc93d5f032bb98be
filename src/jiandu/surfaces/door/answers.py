"""Answers that every view shares: render, done, refused; and how a form performs an act."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused


def words_of(refused: Refused) -> str:
    """The refusal in the reader's language."""
    sentence = _(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page; for htmx the fragment, whose name begins with _."""
    return render(request, template, context or {}, status=status)


def perform(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Runs the act when the form is valid. A refusal becomes an error of the form; True when it was done."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, words_of(refused))
        return False
    return True


def done(request: HttpRequest, message: str, to: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """303 to the next page, with a word of confirmation."""
    messages.success(request, message)
    response = redirect(to, *args, **kwargs)
    response.status_code = 303
    return response


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal outside a form: the reason, and the way back."""
    context = {"reason": words_of(refused), "back": request.headers.get("Referer", "/desk/")}
    return render(request, "door/refused.html", context, status=409)
