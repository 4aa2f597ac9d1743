"""The web application of `bench api`: with one more address, which does all that the stack does and no work."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import path

from oms.lib.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
application = get_wsgi_application()

from oms import urls  # noqa: E402 (needs the application)
from oms.management.bench.floor import Nothing  # noqa: E402

urls.urlpatterns.insert(0, path("api/v1/nothing", Nothing.as_view()))
settle()
