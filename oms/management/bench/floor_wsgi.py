"""The web application of `bench api` and `bench webhooks in`, with addresses that do all of the stack and no work."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import path

from oms.lib.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
application = get_wsgi_application()

from oms import urls  # noqa: E402 (needs the application)
from oms.management.bench.floor import Nothing, nothing  # noqa: E402

urls.urlpatterns[:0] = [path("api/v1/nothing", Nothing.as_view()), path("hooks/nothing", nothing)]
settle()
