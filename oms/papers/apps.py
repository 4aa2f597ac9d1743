from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "oms.papers"
