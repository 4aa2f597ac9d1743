"""Where sales channels send their webhooks: proven, stored, answered; what is in them is worked later."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from oms.lib.api.problems import problem
from oms.lib.errors import DomainError
from orders.channels.signatures import is_ping, verify
from orders.models import Connection
from orders.services.receive_document import receive

MOST_BYTES = 2_500_000


@csrf_exempt
@require_POST
def hook(request, code):
    """Take a document of the channel `code` in: 202, or 200 for one that is known already; 401 unless it is signed."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return problem(request, 413, f"The body is larger than {MOST_BYTES} bytes.")
    connection = Connection.objects.filter(channel__code__iexact=code, is_active=True).first()
    if connection is None:
        return problem(request, 404, "There is no such channel.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    if is_ping(connection.kind, request.body, headers):
        return HttpResponse(status=200)
    try:
        delivery_id, topic = verify(connection.kind, connection.secret, request.body, headers)
        _, is_new = receive(connection, body=request.body, delivery_id=delivery_id, topic=topic)
    except DomainError as error:
        return problem(request, error.status, error.message)
    return HttpResponse(status=202 if is_new else 200)
