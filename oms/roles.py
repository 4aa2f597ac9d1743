"""Who may do what: the roles as groups, each with patterns of the permissions it has.

A pattern is "app.codename" with shell wildcards. `sync_roles` makes the groups so; a merchant's own
groups beside them are left alone.
"""

from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission
from django.db import transaction

CS = "CS"
PICKER = "Picker"
PACKER = "Packer"
LEAD = "Warehouse lead"
BUYER = "Buyer"
STORE = "Store"
FINANCE = "Finance"
MANAGER = "Manager"
READ_ONLY = "Read-only"

LOOK = ["orders.view_*", "inventory.view_*", "fulfilment.view_*", "returns.view_*", "papers.view_*"]
FLOOR = [
    "orders.view_order",
    "orders.view_orderline",
    "inventory.view_*",
    "fulfilment.view_*",
    "papers.view_document",
]
# Goods in hand: what is counted and corrected is posted by somebody else.
HANDLE = ["inventory.receive_stock", "inventory.move_stock", "inventory.count_stock"]
# Whose rows decide what customers pay and where goods come from; return policies are the manager's too.
SETTINGS = [
    f"orders.{verb}_{model}"
    for verb in ("add", "change", "delete")
    for model in (
        "seller",
        "channel",
        "price",
        "taxrate",
        "lane",
        "sourcingstrategy",
        "sourcingrule",
        "exchangerate",
        "numberseries",
        "substitute",
        "tag",
    )
]

ROLES = {
    CS: [
        *LOOK,
        "orders.add_order",
        "orders.change_order",
        "orders.hold_order",
        "orders.cancel_order",
        "orders.refund_order",
        "orders.change_customer",
        "orders.*_substitute",
        "orders.*_note",
        "orders.add_tag",
        "orders.change_channeldocument",
        "orders.change_edidocument",
        "orders.change_channelmessage",
        "orders.change_skualias",
        "orders.*_savedview",
        "fulfilment.change_parcel",
        "returns.*_return",
        "papers.*",
    ],
    PICKER: [*FLOOR, *HANDLE, "fulfilment.pick_*", "fulfilment.change_picklist", "fulfilment.change_picktask"],
    PACKER: [
        *FLOOR,
        "fulfilment.pack_parcel",
        "fulfilment.ship_parcel",
        "fulfilment.change_parcel",
        "fulfilment.add_manifest",
    ],
    LEAD: [
        *LOOK,
        "orders.hold_order",
        "orders.source_order",
        "orders.*_savedview",
        "inventory.*",
        "fulfilment.*",
        "returns.*_return",
        "papers.*",
    ],
    BUYER: [
        *LOOK,
        "inventory.add_sku*",
        "inventory.change_sku*",
        "inventory.*_kitcomponent",
        "inventory.add_tableupload",
        "inventory.add_transfer",
        "inventory.ship_transfer",
        "inventory.*_supplier*",
        "inventory.*_purchase*",
        "inventory.decide_proposal",
        "inventory.*_reorderpolicy",
        "inventory.accept_over_delivery",
        "inventory.set_safety",
        "inventory.see_value",
        "orders.*_savedview",
    ],
    STORE: [
        *FLOOR,
        *HANDLE,
        "inventory.adjust_stock",
        "inventory.add_transfer",
        "inventory.ship_transfer",
        "fulfilment.pick_*",
        "fulfilment.pack_parcel",
        "fulfilment.ship_parcel",
        "fulfilment.change_picklist",
        "fulfilment.change_picktask",
        "fulfilment.collect_fulfilmentorder",
        "returns.view_*",
        "returns.add_return",
        "returns.change_return",
        "returns.inspect_return",
    ],
    FINANCE: [
        *LOOK,
        "inventory.see_value",
        "orders.refund_order",
        "orders.approve_refund",
        "orders.*_payment*",
        "orders.*_refund*",
        "orders.*_savedview",
        "orders.*_note",
        "orders.change_taxrate",
        "orders.add_taxrate",
        "orders.*_exchangerate",
        "orders.change_numberseries",
        "papers.*",
    ],
    MANAGER: [
        *LOOK,
        *SETTINGS,
        "orders.*",
        "inventory.*",
        "fulfilment.*",
        "returns.*",
        "papers.*",
        "partners.*",
        "outbox.*",
        "auth.view_*",
        "auth.add_user",
        "auth.change_user",
        "axes.*",
    ],
    READ_ONLY: LOOK,
}


@transaction.atomic
def sync_roles():
    """Make the groups of ROLES, with exactly their permissions; a second call changes nothing."""
    permissions = {
        f"{row.content_type.app_label}.{row.codename}": row for row in Permission.objects.select_related("content_type")
    }
    for name, patterns in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(permissions[key] for key in allowed(patterns, permissions))


def allowed(patterns, permissions):
    """Return those of `permissions` ("app.codename") that one of `patterns` names."""
    return {name for name in permissions if any(fnmatchcase(name, pattern) for pattern in patterns)}


def roles_of(user):
    """Return the names of the roles `user` has, in the order of ROLES; a superuser has the manager's."""
    if user.is_superuser:
        return [MANAGER]
    names = set(user.groups.values_list("name", flat=True))
    return [role for role in ROLES if role in names]
