import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client

from oms.papers.models import Message
from tests.deliver import deliver

pytestmark = pytest.mark.django_db

SUBMIT = {"_form_submitted": "on"}


def log_in(*permissions):
    user = User.objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ann():
    return log_in("view_document", "change_document", "view_message", "change_message")


def test_lists_and_pages_open(ann, make_slip, make_message):
    document, message = make_slip(), make_message()
    for address in ("document/", f"document/{document.pk}/change/", "message/", f"message/{message.pk}/change/"):
        assert ann.get(f"/admin/papers/{address}").status_code == 200


def test_the_page_of_an_email_says_it_as_it_was_sent_and_names_no_code(ann, make_message):
    message = make_message()
    address = f"/admin/papers/message/{message.pk}/change/"
    assert "Preview shows it as it would be now" in ann.get(address).content.decode()
    Message.objects.update(kind="order_shipped", status="sent", text="Dear <b>Ann</b>,\n\nit is on its way.")
    page = ann.get(address).content.decode()
    assert "Dear &lt;b&gt;Ann&lt;/b&gt;,\n\nit is on its way.</pre>" in page
    assert "order shipped" in page
    assert "subscribers.py" not in page


def test_document_is_downloaded_made_on_first_sight(ann, make_slip):
    answer = ann.get(f"/admin/papers/document/{make_slip().pk}/download/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="Slip-7.pdf"'
    assert answer.content == b"%PDF slip of 7 in en"


def test_reprint_is_counted(ann, make_slip):
    document = make_slip()
    answer = ann.post(f"/admin/papers/document/{document.pk}/reprint_one/", SUBMIT)
    assert b"REPRINT 1" in answer.content
    document.refresh_from_db()
    assert document.reprints == 1


def test_preview_shows_the_mail_in_a_box_without_rights(ann, make_message):
    page = ann.get(f"/admin/papers/message/{make_message().pk}/preview/").content.decode()
    assert 'sandbox="" srcdoc="&lt;!DOCTYPE html&gt;' in page
    assert "Thing 7 in de" in page
    assert mail.outbox == []


def test_stop_and_send_again(ann, make_message):
    message = make_message()
    ann.post(f"/admin/papers/message/{message.pk}/stop/", SUBMIT)
    deliver()
    assert mail.outbox == []

    shown = ann.get(f"/admin/papers/message/{message.pk}/resend/").content.decode()
    assert 'value="ann@example.com"' in shown
    ann.post(f"/admin/papers/message/{message.pk}/resend/", SUBMIT | {"to": "bob@example.com"})
    deliver()
    assert [sent.to for sent in mail.outbox] == [["bob@example.com"]]


def test_refusal_is_told(ann, make_message):
    message = make_message()
    deliver()
    page = ann.post(f"/admin/papers/message/{message.pk}/stop/", SUBMIT, follow=True)
    assert "cannot be stopped" in page.content.decode()


def test_who_may_only_look_sends_and_stops_nothing(make_message, make_slip):
    ann = log_in("view_document", "view_message")
    message, document = make_message(), make_slip()
    assert ann.post(f"/admin/papers/message/{message.pk}/stop/", SUBMIT).status_code == 403
    assert ann.post(f"/admin/papers/message/{message.pk}/resend/", SUBMIT).status_code == 403
    assert ann.post(f"/admin/papers/document/{document.pk}/reprint_one/", SUBMIT).status_code == 403
    message.refresh_from_db()
    assert (message.status, Message.objects.count()) == ("queued", 1)


def test_stranger_sees_no_document(make_slip, make_message):
    nobody = log_in()
    for address in (f"document/{make_slip().pk}/download/", f"message/{make_message().pk}/preview/"):
        assert nobody.get(f"/admin/papers/{address}").status_code == 403
        assert Client().get(f"/admin/papers/{address}").status_code == 302
