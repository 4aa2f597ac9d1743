"""What stands in the console's sidebar: links by name, each shown to those who may follow it."""

from functools import cache

from django.urls import reverse
from django.utils.html import format_html

from orders.models import SavedView

MOST_VIEWS = 12

# (title, icon of Material Symbols, name of the URL, permission)
GROUPS = [
    ("", [("Home", "home", "admin:index", None)]),
    (
        "Orders",
        [
            ("Orders", "receipt_long", "admin:orders_order_changelist", "orders.view_order"),
            ("Customers", "group", "admin:orders_customer_changelist", "orders.view_customer"),
            ("Returns", "assignment_return", "admin:returns_return_changelist", "returns.view_return"),
            ("Source anew", "shuffle", "console:source", "orders.source_order"),
            ("Import", "upload_file", "console:uploads", "orders.add_orderupload"),
            ("Spreadsheets", "table", "console:sheets", "orders.add_sheetupload"),
            ("Taken over", "history", "admin:orders_accountentry_changelist", "orders.view_accountentry"),
        ],
    ),
    (
        "Money",
        [
            ("Invoices", "receipt", "admin:orders_invoice_changelist", "orders.view_invoice"),
            ("Credit notes", "receipt", "admin:orders_creditnote_changelist", "orders.view_creditnote"),
            ("Payments", "payments", "admin:orders_paymententry_changelist", "orders.view_paymententry"),
            ("Refunds", "currency_exchange", "admin:orders_refund_changelist", "orders.view_refund"),
        ],
    ),
    (
        "Stock",
        [
            ("Stock desk", "barcode_scanner", "stock:home", "inventory.receive_stock"),
            ("SKUs", "inventory_2", "admin:inventory_sku_changelist", "inventory.view_sku"),
            ("Availability", "shelves", "admin:inventory_stocklevel_changelist", "inventory.view_stocklevel"),
            ("Stock ledger", "receipt", "admin:inventory_stockentry_changelist", "inventory.view_stockentry"),
            ("Lots", "event_busy", "admin:inventory_lot_changelist", "inventory.view_lot"),
            ("Serials", "tag", "admin:inventory_serial_changelist", "inventory.view_serial"),
            ("Alerts", "notification_important", "admin:inventory_stockalert_changelist", "inventory.view_stockalert"),
            ("Transfers", "sync_alt", "admin:inventory_transfer_changelist", "inventory.view_transfer"),
            ("Counts", "checklist", "admin:inventory_countsession_changelist", "inventory.view_countsession"),
            ("Stock on a day", "event_available", "book:past", "inventory.view_stockentry"),
            ("Stock value", "savings", "book:value", "inventory.see_value"),
            ("Counts due", "event_repeat", "book:due_counts", "inventory.view_countsession"),
            ("Locations", "warehouse", "admin:inventory_location_changelist", "inventory.change_location"),
            ("Bins", "grid_view", "admin:inventory_bin_changelist", "inventory.change_bin"),
            ("Pick faces", "move_down", "admin:inventory_pickface_changelist", "inventory.change_pickface"),
            ("Refills", "low_priority", "admin:inventory_refilltask_changelist", "inventory.change_pickface"),
        ],
    ),
    (
        "Buying",
        [
            ("Proposals", "lightbulb", "replenish:proposals", "inventory.decide_proposal"),
            (
                "Purchase orders",
                "shopping_cart",
                "admin:inventory_purchaseorder_changelist",
                "inventory.add_purchaseorder",
            ),
            ("To make", "handyman", "console:making", "inventory.decide_proposal"),
            ("Overdue", "report", "buying:overdue", "inventory.add_purchaseorder"),
            ("Forecast quality", "query_stats", "replenish:quality", "inventory.decide_proposal"),
            ("Policies", "tune", "admin:inventory_reorderpolicy_changelist", "inventory.change_reorderpolicy"),
            ("Suppliers", "factory", "admin:inventory_supplier_changelist", "inventory.change_supplier"),
            ("Suppliers' SKUs", "sell", "admin:inventory_suppliersku_changelist", "inventory.change_suppliersku"),
            ("Deliveries", "input", "admin:inventory_receipt_changelist", "inventory.view_receipt"),
            ("Sent back", "undo", "admin:inventory_supplierreturn_changelist", "inventory.add_purchaseorder"),
        ],
    ),
    (
        "Warehouse",
        [
            ("Floor", "conveyor_belt", "floor:home", "fulfilment.view_fulfilmentorder"),
            ("Board", "view_kanban", "floor:board", "fulfilment.release_fulfilmentorder"),
            ("Work", "warehouse", "admin:fulfilment_fulfilmentorder_changelist", "fulfilment.view_fulfilmentorder"),
            ("Pick lists", "checklist", "admin:fulfilment_picklist_changelist", "fulfilment.view_picklist"),
            ("Waves", "waves", "admin:fulfilment_wave_changelist", "fulfilment.view_wave"),
            ("Pickers", "speed", "work:people", "fulfilment.release_fulfilmentorder"),
            ("Wave presets", "tune", "admin:fulfilment_wavepreset_changelist", "fulfilment.change_wavepreset"),
            ("Tracking files", "upload_file", "tracking:uploads", "fulfilment.add_trackingupload"),
            ("Parcels", "package_2", "admin:fulfilment_parcel_changelist", "fulfilment.view_parcel"),
            ("Labels", "label", "admin:fulfilment_label_changelist", "fulfilment.view_label"),
            (
                "Late and stuck",
                "report",
                "admin:fulfilment_parcelcase_changelist",
                "fulfilment.view_parcelcase",
            ),
            ("Manifests", "local_shipping", "admin:fulfilment_manifest_changelist", "fulfilment.view_manifest"),
            (
                "Carriers' pickups",
                "event_available",
                "admin:fulfilment_carriercollection_changelist",
                "fulfilment.add_carriercollection",
            ),
            ("Cartons", "deployed_code", "admin:fulfilment_cartontype_changelist", "fulfilment.change_cartontype"),
            ("Carriers", "airport_shuttle", "admin:fulfilment_carrier_changelist", "fulfilment.change_carrier"),
            ("Shipping rules", "rule", "admin:fulfilment_shippingrule_changelist", "fulfilment.change_shippingrule"),
            ("Watch rules", "timer", "admin:fulfilment_watchrule_changelist", "fulfilment.change_watchrule"),
            ("Rate cards", "price_change", "rates:cards", "fulfilment.view_ratecard"),
            ("Stations", "print", "admin:fulfilment_station_changelist", "fulfilment.change_station"),
            ("Prints", "print_connect", "admin:fulfilment_printjob_changelist", "fulfilment.view_printjob"),
        ],
    ),
    (
        "Selling",
        [
            ("Channels", "storefront", "admin:orders_channel_changelist", "orders.change_channel"),
            ("Connections", "power", "admin:orders_connection_changelist", "orders.view_connection"),
            ("Channel inbox", "inbox", "admin:orders_channeldocument_changelist", "orders.view_channeldocument"),
            ("Channel days", "rule", "admin:orders_channelday_changelist", "orders.view_channelday"),
            ("Channel stock", "inventory_2", "admin:orders_channelstock_changelist", "orders.view_channelstock"),
            ("Channel messages", "outbox", "admin:orders_channelmessage_changelist", "orders.view_channelmessage"),
            (
                "EDI received",
                "drive_folder_upload",
                "admin:orders_ediinterchange_changelist",
                "orders.view_ediinterchange",
            ),
            ("EDI sent", "outgoing_mail", "admin:orders_edidocument_changelist", "orders.view_edidocument"),
            ("Channel SKUs", "barcode", "admin:orders_skualias_changelist", "orders.view_skualias"),
            ("Sellers", "apartment", "admin:orders_seller_changelist", "orders.change_seller"),
            ("Prices", "sell", "admin:orders_price_changelist", "orders.view_price"),
            ("Substitutes", "swap_horiz", "admin:orders_substitute_changelist", "orders.change_substitute"),
            ("Tax rates", "percent", "admin:orders_taxrate_changelist", "orders.view_taxrate"),
            ("Lanes", "route", "admin:orders_lane_changelist", "orders.view_lane"),
            ("Sourcing", "alt_route", "admin:orders_sourcingstrategy_changelist", "orders.view_sourcingstrategy"),
            ("Exchange rates", "currency_exchange", "admin:orders_exchangerate_changelist", "orders.add_exchangerate"),
            ("Number series", "tag", "admin:orders_numberseries_changelist", "orders.change_numberseries"),
            ("Return policies", "policy", "admin:returns_returnpolicy_changelist", "returns.change_returnpolicy"),
            ("Tags", "label", "admin:orders_tag_changelist", "orders.change_tag"),
        ],
    ),
    (
        "Machinery",
        [
            ("Events", "history", "admin:outbox_event_changelist", "outbox.view_event"),
            ("Deliveries", "forward_to_inbox", "admin:outbox_delivery_changelist", "outbox.view_delivery"),
            ("Schedule", "schedule", "admin:outbox_scheduledrun_changelist", "outbox.view_scheduledrun"),
            ("Documents", "description", "admin:papers_document_changelist", "papers.add_document"),
            ("E-mails", "mail", "admin:papers_message_changelist", "papers.change_message"),
            ("Partners", "handshake", "admin:partners_partner_changelist", "partners.view_partner"),
        ],
    ),
    (
        "People",
        [
            ("Users", "person", "admin:auth_user_changelist", "auth.view_user"),
            ("Roles", "shield_person", "admin:auth_group_changelist", "auth.view_group"),
            ("Failed logins", "lock", "admin:axes_accessattempt_changelist", "axes.view_accessattempt"),
        ],
    ),
]


def sidebar(request):
    """Return the groups that the sidebar shows `request`'s user: [{"title", "items": [what a link says]}]."""
    user = request.user
    groups = []
    for title, links in _groups():
        items = [
            {**link, "active": request.path == link["link"] and not request.GET}
            for link, permission in links
            if permission is None or user.has_perm(permission)
        ]
        if items:
            groups.append({"title": title, "items": items})
        if title == "Orders" and items and (views := _views(request)):
            groups.append({"title": "Views", "items": views})
    return groups


@cache
def _groups():
    """Return GROUPS with their addresses, which are the same for all."""
    return [
        (
            title,
            [
                ({"title": text, "icon": icon, "link": reverse(name)}, permission)
                for text, icon, name, permission in links
            ],
        )
        for title, links in GROUPS
    ]


def _views(request):
    """Return links to the order list as people saved it; console.js fills in how many orders each holds."""
    orders = reverse("admin:orders_order_changelist")
    return [
        {
            "title": format_html('{}<span class="oms-badge-count" data-view="{}"></span>', view.name, view.pk),
            "icon": "filter_list",
            "link": f"{orders}?{view.query}",
            "active": request.path == orders and request.GET.urlencode() == view.query,
        }
        for view in SavedView.objects.seen_by(request.user)[:MOST_VIEWS]
    ]
