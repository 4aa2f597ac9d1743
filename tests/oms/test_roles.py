from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from oms import roles
from tests.make import make_user

pytestmark = pytest.mark.django_db


def test_a_second_sync_changes_nothing(capsys):
    call_command("sync_roles")
    before = {group.name: set(group.permissions.all()) for group in Group.objects.all()}
    call_command("sync_roles")
    assert {group.name: set(group.permissions.all()) for group in Group.objects.all()} == before
    assert set(before) == set(roles.ROLES)


def test_a_role_has_exactly_its_permissions_again_after_a_sync():
    user = make_user(roles.READ_ONLY)
    group = Group.objects.get(name=roles.READ_ONLY)
    group.permissions.set(Group.objects.get(name=roles.MANAGER).permissions.all())
    call_command("sync_roles", stdout=StringIO())
    assert not user.has_perm("orders.cancel_order")


def test_a_group_of_the_merchants_own_is_left_alone():
    group = Group.objects.create(name="Interns")
    call_command("sync_roles", stdout=StringIO())
    assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (roles.CS, "orders.cancel_order", "orders.approve_refund"),
        (roles.PICKER, "orders.view_order", "orders.change_order"),
        (roles.PACKER, "fulfilment.ship_parcel", "fulfilment.unship_parcel"),
        (roles.LEAD, "fulfilment.unship_parcel", "orders.refund_order"),
        (roles.BUYER, "inventory.add_tableupload", "inventory.adjust_stock"),
        (roles.STORE, "fulfilment.collect_fulfilmentorder", "orders.cancel_order"),
        (roles.STORE, "returns.inspect_return", "returns.approve_return"),
        (roles.STORE, "returns.add_return", "returns.change_returnpolicy"),
        (roles.CS, "returns.approve_return", "returns.change_returnpolicy"),
        (roles.LEAD, "returns.inspect_return", "returns.add_returnpolicy"),
        (roles.FINANCE, "orders.approve_refund", "orders.cancel_order"),
        (roles.MANAGER, "orders.change_channel", "auth.delete_user"),
        (roles.MANAGER, "returns.change_returnpolicy", "auth.delete_group"),
        (roles.READ_ONLY, "orders.view_order", "orders.add_order"),
    ],
)
def test_what_a_role_may_and_may_not(role, may, may_not):
    user = make_user(role)
    assert user.has_perm(may)
    assert not user.has_perm(may_not)


def test_read_only_may_change_nothing():
    permissions = Group.objects.filter(name=roles.READ_ONLY)
    call_command("sync_roles", stdout=StringIO())
    names = permissions.values_list("permissions__codename", flat=True)
    assert {name.partition("_")[0] for name in names} == {"view"}


def test_every_pattern_names_a_permission_that_there_is():
    call_command("sync_roles", stdout=StringIO())
    known = Group.objects.get(name=roles.MANAGER).permissions.values_list("content_type__app_label", "codename")
    known = {f"{app}.{codename}" for app, codename in known}
    unused = [pattern for pattern in roles.FLOOR + roles.SETTINGS if not roles.allowed([pattern], known)]
    assert unused == []
