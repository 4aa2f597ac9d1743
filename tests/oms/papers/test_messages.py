import pytest
from django.core import mail
from django.utils import timezone

from oms.lib.errors import InvalidTransition
from oms.outbox.models import Delivery, Event
from oms.papers.models import Message
from oms.papers.services.resend_message import resend_message
from oms.papers.services.send_message import send_message
from oms.papers.services.stop_message import stop_message
from oms.papers.services.write_message import preview_message
from tests.deliver import deliver


def test_goes_out_once_in_the_language_asked(make_message):
    message = make_message()
    deliver()
    send_message(message.pk)

    [sent] = mail.outbox
    assert sent.to == ["ann@example.com"]
    assert sent.body == "Thing 7 in de, "
    assert sent.from_email == "Acorn & Co <orders@localhost>"
    assert sent.reply_to == ["help@example.com"]
    message.refresh_from_db()
    assert sent.extra_headers["Message-ID"] == message.message_id == f"<message-{message.pk}@localhost>"
    assert message.status == "sent"
    assert message.sent_at
    assert Event.objects.timeline("thing:7")[0].name == "message.sent"


def test_one_that_is_not_written_yet_is_called_by_its_kind():
    assert str(Message(kind="order_delivered", subject="order:7")) == "Order delivered"
    assert str(Message(kind="order_delivered", subject_line="It is here")) == "It is here"


def test_header_cannot_be_smuggled_in(make_message):
    make_message()
    deliver()
    assert mail.outbox[0].subject == "Thing 7 Bcc: eve@example.com"
    assert mail.outbox[0].recipients() == ["ann@example.com"]


def test_html_carries_its_styles_and_the_brand(make_message):
    make_message()
    deliver()
    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert 'class="button" href="https://example.com/t/1" style="' in html.replace("\n", "")
    assert "Acorn &amp; Co · 1 Oak Street" in html
    assert "@media" in html


def test_same_cause_is_one_message(make_message):
    assert make_message(cause="event:1") == make_message(cause="event:1")
    make_message(cause="event:2")
    deliver()
    assert [sent.body for sent in mail.outbox] == ["Thing 7 in de, event:1", "Thing 7 in de, event:2"]


def test_waits_until_its_time(make_message, time_machine):
    now = timezone.now()
    make_message(not_before=now + timezone.timedelta(seconds=60))
    assert deliver() == 0
    time_machine.move_to(now + timezone.timedelta(seconds=61))
    deliver()
    assert len(mail.outbox) == 1


def test_stopped_one_does_not_go_out(make_message):
    message = make_message()
    stop_message(message, actor="user:3")
    stop_message(message)
    deliver()
    message.refresh_from_db()
    assert message.status == "stopped"
    assert mail.outbox == []
    assert Event.objects.filter(name="message.stopped").count() == 1


def test_sent_one_cannot_be_stopped(make_message):
    message = make_message()
    deliver()
    with pytest.raises(InvalidTransition, match="is sent"):
        stop_message(message)
    message.refresh_from_db()
    assert message.status == "sent"


@pytest.mark.parametrize("fields", [{"suppress": True}, {"to": ""}])
def test_suppressed_one_is_only_noted(make_message, fields):
    assert make_message(**fields).status == "suppressed"
    assert not Delivery.objects.exists()
    deliver()
    assert mail.outbox == []


def test_failure_is_noted_and_tried_again(make_message):
    message = make_message("unwritable")
    with pytest.raises(LookupError):
        deliver()
    message.refresh_from_db()
    assert (message.status, message.last_error) == ("failed", "LookupError: no such thing")

    Message.objects.update(kind="greeting")
    Delivery.objects.update(next_attempt_at=timezone.now())
    deliver()
    message.refresh_from_db()
    assert message.status == "sent"


def test_crash_before_the_note_sends_the_same_words_with_the_same_id(make_message):
    """The worker died after the mail server had taken the mail: all but the note of it had happened."""
    message = make_message()
    send_message(message.pk)
    Message.objects.update(status=Message.Status.SENDING, text="as it was written")

    send_message(message.pk)

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert second.body == "as it was written"


def test_documents_are_attached(make_message, make_slip):
    message = make_message()
    send_message(message.pk)
    message.attachments.add(make_slip())
    Message.objects.update(status=Message.Status.SENDING)
    send_message(message.pk)
    [(name, content, kind)] = mail.outbox[1].attachments
    assert (name, kind) == ("Slip-7.pdf", "application/pdf")
    assert content.startswith(b"%PDF slip of 7")


def test_resend_says_the_same_to_the_same_under_a_new_id(make_message):
    message = make_message()
    deliver()
    Message.objects.update(text="as it was written")

    again = resend_message(message, actor="user:3")
    third = resend_message(message, to="bob@example.com")
    deliver()
    fourth = resend_message(third)
    deliver()

    afresh = f"Thing 7 in de, {third.cause}"
    assert [sent.body for sent in mail.outbox[1:]] == ["as it was written", afresh, afresh]
    assert [sent.to for sent in mail.outbox[1:]] == [["ann@example.com"], ["bob@example.com"], ["bob@example.com"]]
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 4
    assert again.resend_of == message
    assert fourth.resend_of == third


@pytest.mark.parametrize("status", Message.WAITING)
def test_one_that_waits_is_not_sent_again(make_message, status):
    message = make_message()
    Message.objects.update(status=status)
    with pytest.raises(InvalidTransition, match="has not gone out yet"):
        resend_message(message)
    assert Message.objects.count() == 1


def test_one_that_failed_is_sent_again_and_not_by_itself_as_well(make_message):
    message = make_message()
    Message.objects.update(status=Message.Status.FAILED, subject_line="Hi", text="to the old address")
    resend_message(message, to="bob@example.com")
    deliver()
    message.refresh_from_db()
    assert message.status == "stopped"
    assert [sent.to for sent in mail.outbox] == [["bob@example.com"]]
    assert "old address" not in mail.outbox[0].body


def test_one_whose_object_is_gone_is_sent_again_as_it_was(make_message, monkeypatch):
    message = make_message()
    deliver()

    def gone(object_id, message):
        raise Event.DoesNotExist

    monkeypatch.setattr("oms.papers.services.write_message.named", lambda path: gone)
    resend_message(message)
    deliver()
    first, second = mail.outbox
    assert (second.to, second.body) == (first.to, first.body)


def test_preview_shows_what_would_go_out_and_stores_nothing(make_message):
    message = make_message()
    assert preview_message(message).text == "Thing 7 in de, "
    message.refresh_from_db()
    assert (message.text, message.status) == ("", "queued")
    deliver()
    Message.objects.update(text="as it was written")
    message.refresh_from_db()
    assert preview_message(message).text == "as it was written"
