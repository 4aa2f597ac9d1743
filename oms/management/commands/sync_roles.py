from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction

from oms.roles import ROLES, allowed


class Command(BaseCommand):
    help = "Makes the groups of oms/roles.py, with exactly their permissions. A second run changes nothing."

    @transaction.atomic
    def handle(self, **options):
        permissions = {
            f"{row.content_type.app_label}.{row.codename}": row
            for row in Permission.objects.select_related("content_type")
        }
        for name, patterns in ROLES.items():
            group, _ = Group.objects.get_or_create(name=name)
            group.permissions.set(permissions[key] for key in allowed(patterns, permissions))
        self.stdout.write(f"{len(ROLES)} roles: {', '.join(ROLES)}")
