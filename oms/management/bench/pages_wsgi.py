"""The web application of a bench that opens pages: their static files are not collected, so have no manifest."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from oms.lib.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

application = get_wsgi_application()
settle()
