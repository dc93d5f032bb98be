"""The desk's routes: each names the verb on the kind of record it needs."""

from jiandu.surfaces.desk.routes import findings, ledgers, mechanisms, numbers, offices, village

app_name = "desk"
urlpatterns = [*findings.routes, *ledgers.routes, *mechanisms.routes, *village.routes, *numbers.routes, *offices.routes]
