"""The WSGI application that Granian or gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
application = get_wsgi_application()
