"""How a channel looks to its customers, on their page and in e-mails."""

from django.conf import settings
from django.urls import reverse

from oms.lib.colors import ink_on, readable

# Pictures that mail programs show. An SVG may hold scripts and is not among them.
LOGO_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


def brand_of(channel):
    """Return {name, colour, ink, logo}: a colour that can be read on white, that of text on it, an address or ""."""
    colour = readable(channel.brand_color)
    logo = settings.SITE_URL + reverse("brand_logo", args=[channel.pk]) if logo_type(channel) else ""
    return {"name": channel.brand_name, "colour": colour, "ink": ink_on(colour), "logo": logo}


def logo_type(channel):
    """Return the media type of the channel's logo, None where it has none that can be shown."""
    return LOGO_TYPES.get(channel.brand_logo.name.rpartition(".")[2].lower()) if channel.brand_logo else None
