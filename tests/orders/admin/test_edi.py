import pytest

from oms import roles
from oms.channel_queues import EDI_REFUSED
from oms.queue import tiles
from orders.admin.edi import PartnerForm
from orders.models import EdiDocument, EdiPartner
from tests.deliver import deliver
from tests.make import make_sku, make_user
from tests.orders.channels.edi.make import po, x12
from tests.orders.channels.edi.partner import leave, make_partner, outbox, take_up

pytestmark = pytest.mark.django_db

CHANGE = "/admin/orders/connection/{}/change/"
SUBMIT = {"_form_submitted": "on"}
SENT = "/admin/orders/edidocument/"


def form(partner, **fields):
    """What the connection's page posts of a partner."""
    values = {"syntax": "004010", "our_qualifier": "ZZ", "our_id": "SELLER", "their_qualifier": "ZZ"}
    values |= {"their_id": "BUYER", "inbox": partner.inbox, "outbox": partner.outbox, "first_number": 1}
    values |= {"id": partner.pk, "connection": partner.connection_id} | fields
    totals = {"edi-TOTAL_FORMS": 1, "edi-INITIAL_FORMS": 1 if partner.pk else 0}
    posted = {f"edi-0-{name}": value for name, value in values.items() if value not in (None, "")}
    return {"channel": partner.connection.channel_id, "kind": "edi", "is_active": "on"} | totals | posted


def sent_one():
    """A partner whose order was answered by an 855."""
    partner = make_partner()
    make_sku(20, code="MUG")
    leave(partner, "a.edi", x12(po("4711", ("MUG", 2, "9.50"))))
    take_up(partner)
    return partner, partner.sent.get(kind="855")


def test_a_connection_shows_who_is_who_and_the_last_files(client):
    partner, answer = sent_one()
    client.force_login(make_user(roles.MANAGER))
    page = client.get(CHANGE.format(partner.connection_id)).content.decode()
    for shown in ("BUYER", partner.inbox, "a.edi", answer.file_name, "none: set GS1_PREFIX"):
        assert shown in page
    for for_shops in ("Address for its webhooks", "Read its goods", "Send all again"):
        assert for_shops not in page


def test_a_new_partner_begins_at_his_first_number(client):
    partner = make_partner()
    connection = partner.connection
    partner.delete()
    client.force_login(make_user(roles.MANAGER))
    new = EdiPartner(connection=connection, inbox="acme/in", outbox="acme/out")
    answer = client.post(CHANGE.format(connection.pk), form(new, first_number=501))
    assert answer.status_code == 302, answer.context["errors"]
    made = EdiPartner.objects.get()
    assert (made.next_number, made.inbox, made.is_test) == (501, "acme/in", False)


WRONG = [
    ("X12 has room for 15 characters here.", {"their_id": "A-LONG-NAME-OF-16"}),
    ("X12 has room for 2 characters here.", {"our_qualifier": "ZZZ"}),
    ("Letters, digits, blanks", {"their_id": "BUY*ER"}),
    ("This is our own id", {"their_id": "SELLER"}),
    ("such as acme/in", {"inbox": "../../etc"}),
    ("such as acme/in", {"outbox": "/etc"}),
    ("The inbox is another folder", {"inbox": "one", "outbox": "one"}),
    ("files are sent there", {"inbox": "other/out"}),
    ("files come in there", {"outbox": "other/in"}),
]


def test_settings_that_cannot_work_are_refused_with_what_to_do():
    make_partner(inbox="other/in", outbox="other/out")
    partner = make_partner()
    good = {name.removeprefix("edi-0-"): value for name, value in form(partner).items()}
    assert PartnerForm(good, instance=partner).is_valid()
    for said, fields in WRONG:
        refused = PartnerForm(good | fields, instance=EdiPartner.objects.get(pk=partner.pk))
        errors = {name: " ".join(texts) for name, texts in refused.errors.items()}
        assert any(said in errors.get(name, "") for name in fields), (said, errors)


def test_folders_are_tried(client):
    partner = make_partner()
    client.force_login(make_user(roles.MANAGER))
    address = f"/admin/orders/connection/{partner.connection_id}/try_it/"
    assert b"Both folders can be read" in client.post(address, SUBMIT, follow=True).content


def test_a_sent_file_is_read_downloaded_and_sent_again(client):
    partner, answer = sent_one()
    client.force_login(make_user(roles.CS))
    assert answer.file_name not in client.get(f"{SENT}?q=nothing").content.decode()
    assert f"{SENT}{answer.pk}/" in client.get(f"{SENT}?q=4711").content.decode()
    assert "BAK*00*AD*4711" in client.get(f"{SENT}{answer.pk}/change/").content.decode()
    [path] = [path for path in outbox(partner) if path.name == answer.file_name]
    file = client.get(f"{SENT}{answer.pk}/download/")
    assert (file.content, answer.file_name in file["Content-Disposition"]) == (path.read_bytes(), True)
    was = path.read_bytes()
    path.unlink()
    client.post(f"{SENT}{answer.pk}/write_again/", SUBMIT)
    deliver("orders.tasks.write_edi")
    assert path.read_bytes() == was
    assert EdiDocument.objects.get(pk=answer.pk).times_written == 2
    assert EdiPartner.objects.get().next_number == partner.next_number


def test_who_may_only_look_sends_nothing(client):
    _, answer = sent_one()
    client.force_login(make_user(roles.READ_ONLY))
    assert client.get(f"{SENT}{answer.pk}/change/").status_code == 200
    assert client.post(f"{SENT}{answer.pk}/write_again/", SUBMIT).status_code == 403
    assert client.get("/admin/orders/ediinterchange/").status_code == 200


def test_a_refused_file_waits_on_the_home_page_until_somebody_saw_to_it(client):
    partner = make_partner()
    leave(partner, "a.edi", x12(po("4711", ("MUG", 2, "9.50"))).replace(b"BUYER ", b"OTHER "))
    take_up(partner)
    assert tiles([EDI_REFUSED])[0]["count"] == "1"
    client.force_login(make_user(roles.CS))
    listed = "/admin/orders/ediinterchange/"
    assert "was agreed with this partner" in client.get(listed).content.decode()
    data = {"action": "settle_selected", "_selected_action": [partner.received.get().pk]}
    client.post(f"{listed}?status__exact=refused", data)
    assert (tiles([EDI_REFUSED])[0]["count"], partner.received.get().status) == ("0", "settled")
    partner.received.update(status="refused")
    page = f"{listed}{partner.received.get().pk}/"
    shown = client.get(f"{page}change/").content.decode()
    assert f"{partner.inbox}/refused" in shown
    assert "settle_one" in shown
    client.post(f"{page}settle_one/", SUBMIT)
    assert partner.received.get().status == "settled"
    assert "settle_one" not in client.get(f"{page}change/").content.decode()
