import os

from django.core.wsgi import get_wsgi_application

from oms.lib.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")

application = get_wsgi_application()
settle()
