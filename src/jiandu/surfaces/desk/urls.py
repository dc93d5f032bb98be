"""The desk's routes: each names the verb on the kind of record it needs."""

from jiandu.surfaces.desk.routes import (
    crosscheck,
    findings,
    ledgers,
    mechanisms,
    numbers,
    offices,
    papers,
    petitions,
    publications,
    village,
)

app_name = "desk"
urlpatterns = [
    *findings.routes,
    *ledgers.routes,
    *mechanisms.routes,
    *village.routes,
    *petitions.routes,
    *crosscheck.routes,
    *papers.routes,
    *publications.routes,
    *numbers.routes,
    *offices.routes,
]
