import css_inline
from django.core.exceptions import ObjectDoesNotExist
from django.utils import translation

from oms.lib.plugins import named
from oms.lib.text import clean, one_line
from oms.papers.base import Mail
from oms.papers.models import Message
from oms.subscribers import EMAILS

# Rules in <style> become attributes, as most mail programs want them; media queries stay for phones.
_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def write_message(message):
    """Return the `Mail` of `message` as it would go out now, in its language; nothing is stored.

    It goes where its writer says, who knows of an address that was mended meanwhile and whose words may hold a
    link for that one alone; only when it is sent again may somebody have named another.
    """
    with translation.override(message.language):
        mail = named(EMAILS[message.kind])(message.object_id, message)
    return Mail(
        to=(message.resend_of_id and message.to) or mail.to,
        subject=one_line(mail.subject)[:300],
        text=clean(mail.text),
        html=_inliner.inline(clean(mail.html)),
        language=mail.language,
        reply_to=mail.reply_to,
        sender_name=one_line(mail.sender_name)[:100],
        attachments=mail.attachments,
    )


def address_now(message):
    """Return where an e-mail would go now; where it went, when what it is about is gone."""
    try:
        return write_message(message).to
    except (ObjectDoesNotExist, LookupError):
        return message.to


def preview_message(message):
    """Return the `Mail` that went out, or that would go out now."""
    return stored_mail(message) if message.is_written else write_message(message)


def stored_mail(message):
    """Return the `Mail` of a written message."""
    return Mail(
        to=message.to,
        subject=message.subject_line,
        text=message.text,
        html=message.html,
        language=message.language,
        reply_to=message.reply_to,
        sender_name=message.sender_name,
        attachments=tuple(message.attachments.order_by("pk").values_list("pk", flat=True)),
    )


def keep(message, mail):
    """Store the words of `mail` on `message`, so that a second try sends the same."""
    message.to = mail.to
    message.subject_line = mail.subject or message.kind
    message.text, message.html = mail.text, mail.html
    message.reply_to, message.sender_name = mail.reply_to, mail.sender_name
    message.save(update_fields=["to", "subject_line", "text", "html", "reply_to", "sender_name"])
    message.attachments.set(mail.attachments)
    return Message.objects.get(pk=message.pk)
