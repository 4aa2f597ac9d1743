from django.core.management.base import BaseCommand

from oms.roles import ROLES, sync_roles


class Command(BaseCommand):
    help = "Makes the groups of oms/roles.py, with exactly their permissions. A second run changes nothing."

    def handle(self, **options):
        sync_roles()
        self.stdout.write(f"{len(ROLES)} roles: {', '.join(ROLES)}")
