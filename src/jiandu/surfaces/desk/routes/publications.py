"""信息公开: what the house tells the public."""

from jiandu.surfaces.desk.views import publications

routes = [
    *publications.PUBLICATIONS_ROOM.routes("publications/"),
    *publications.PUBLICATION_ROOM.routes("publications/<uuid:uid>/"),
]
