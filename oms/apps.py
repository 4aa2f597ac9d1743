from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class OmsConfig(AppConfig):
    name = "oms"
    verbose_name = "Order management"
    default = True


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin with our own site, so that every `@admin.register` lands in the console."""

    default_site = "oms.admin.Console"
    default = False

    def ready(self):
        super().ready()
        import_module("oms.accounts")  # in place of the classes that Django registers for users and groups
