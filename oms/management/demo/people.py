"""Staff of each role, and keys for the partners. Secrets are made up here and shown once."""

import secrets

from django.contrib.auth.models import Group, User

from oms.partners.models import Partner, PartnerKey
from oms.partners.scopes import SCOPES
from oms.partners.services.keys import create_key
from oms.roles import ROLES, sync_roles

# The README's tours call people by these names.
NAMES = {
    "CS": "anna",
    "Picker": "ben",
    "Packer": "clara",
    "Warehouse lead": "david",
    "Store": "eva",
    "Finance": "felix",
    "Manager": "greta",
    "Read-only": "hanna",
    "Buyer": "ivan",
}


def make():
    """Make an administrator and one person a role; returns [(login, role, password)] of those that are new."""
    sync_roles()
    made = []
    if not User.objects.filter(username="admin").exists():
        password = secrets.token_urlsafe(9)
        User.objects.create_superuser("admin", password=password, first_name="Admin")
        made.append(("admin", "Administrator", password))
    for group in Group.objects.filter(name__in=ROLES).order_by("pk"):
        name = NAMES[group.name]
        user, is_new = User.objects.get_or_create(
            username=name, defaults={"first_name": name.title(), "is_staff": True}
        )
        if is_new:
            password = secrets.token_urlsafe(9)
            user.set_password(password)
            user.save()
            user.groups.add(group)
            made.append((name, group.name, password))
    return made


def make_keys():
    """Make an API key for each demo partner that has none; returns [(partner's name, key)]."""
    made = []
    for partner in Partner.objects.filter(code__in=["MARKET", "MINHO", "SWIFT3PL"]).order_by("code"):
        if not PartnerKey.objects.filter(partner=partner).exists():
            _, key = create_key(partner, name="demo", scopes=list(SCOPES), actor="system")
            made.append((partner.name, key))
    return made
