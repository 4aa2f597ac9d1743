from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "oms.partners"
