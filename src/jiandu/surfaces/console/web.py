"""What `serve` runs in each web worker: the application, tied to the process that started the worker."""

import os

from django.core.wsgi import get_wsgi_application

from jiandu.surfaces.console.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
end_with_parent()
application = get_wsgi_application()
