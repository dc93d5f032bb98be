"""Mounts the surfaces that JIANDU_SURFACES names."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from jiandu.surfaces.door import answers
from jiandu.surfaces.door.routes import Open, declared

handler400, handler403 = answers.malformed, answers.denied
handler404, handler500 = answers.missing, answers.failed
urlpatterns: list[URLPattern | URLResolver] = []
if settings.SURFACES in {"staff", "both"}:
    urlpatterns += declared(
        [
            Open("", RedirectView.as_view(url="/desk/"), name="root"),
            path("", include("jiandu.surfaces.door.urls")),
            path("desk/", include("jiandu.surfaces.desk.urls")),
        ]
    )
if settings.SURFACES in {"public", "both"}:
    urlpatterns += declared([path("portal/", include("jiandu.surfaces.portal.urls"))])
if settings.SURFACES == "public":
    urlpatterns += declared([Open("", RedirectView.as_view(url="/portal/"), name="root")])
