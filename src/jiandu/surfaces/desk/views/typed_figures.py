"""核对数字: do the tables of a bulletin that was typed elsewhere add up? Nothing of them is kept."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jiandu.base.core.words import spoken
from jiandu.results.digests.checking import Checked, check
from jiandu.results.digests.typed import Unreadable, read_grid
from jiandu.surfaces.desk.forms.bulletins import FiguresForm
from jiandu.surfaces.desk.told import typed_figures as told
from jiandu.surfaces.door.answers import page


def check_figures(request: HttpRequest) -> HttpResponse:
    """The form; posted, each pair that does not add up, and what nothing was found to check against."""
    form, checked = FiguresForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        checked = _checked(form)
    context = {
        "form": form,
        "back": reverse("desk:petitions-bulletin"),
        "said": told.said(checked) if checked else None,
        "columns": told.columns(),
    }
    return page(request, "desk/petitions/typed_figures.html", context, status=422 if form.errors else 200)


def _checked(form: FiguresForm) -> Checked | None:
    try:
        return check(read_grid(form.cleaned_data["text"]))
    except Unreadable as wrong:
        for error in wrong.errors:
            form.add_error("text", told.place(error) + spoken(str(error["reason"])))
        return None
