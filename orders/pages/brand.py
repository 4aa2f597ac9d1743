from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from orders.customer.brand import logo_type
from orders.models import Channel


@require_safe
@cache_control(public=True, max_age=3600)
def logo(request, channel_id):
    """Serve the logo of a channel to e-mails and customers' pages; 404 when it has none that can be shown."""
    channel = Channel.objects.filter(pk=channel_id).exclude(brand_logo="").first()
    if channel is None or not logo_type(channel):
        raise Http404("This channel has no logo.")
    try:
        return FileResponse(channel.brand_logo.open("rb"), content_type=logo_type(channel))
    except FileNotFoundError:
        raise Http404("The logo's file is gone.") from None
