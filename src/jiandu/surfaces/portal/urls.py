"""The portal's addresses: all open, all without cookies."""

from django.urls import URLPattern, URLResolver

from jiandu.surfaces.door.routes import Open, declared
from jiandu.surfaces.portal import notices, views

app_name = "portal"
FORM = ("GET", "HEAD", "POST")

urlpatterns: list[URLPattern | URLResolver] = declared(
    [
        Open("", views.start, name="start"),
        Open("report/", views.report, name="report", methods=FORM),
        Open("ask/", views.ask, name="ask", methods=FORM),
        Open("message/", views.message, name="message", methods=("POST",)),
        Open("leave/", views.leave, name="leave"),
        Open("notices/", notices.listed, name="notices"),
        Open("notices/<uuid:uid>/", notices.one, name="notice"),
    ]
)
