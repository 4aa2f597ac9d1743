"""What all resources of partners share."""

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from oms.lib.api.parsing import MAX_BYTES
from oms.lib.api.problems import problem
from oms.lib.errors import DomainError
from oms.partners.services.receive import receive


class OwnRows:
    """Mixed into a view: a partner sees its own rows only, and others do not exist for it.

    `partner_path` is the look-up from the view's model to the partner: "order__partner".
    """

    partner_path = "partner"

    def get_queryset(self):
        return super().get_queryset().filter(**{self.partner_path: self.request.user.partner})


@csrf_exempt
@require_POST
def inbound(request, source):
    """Take a webhook of another system in; answers 201, or 200 for one that is known already."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        return problem(request, 413, f"The body is larger than {MAX_BYTES} bytes.")
    try:
        message, created = receive(source, body=request.body, headers=request.headers)
    except DomainError as error:
        return problem(request, error.status, error.message)
    return JsonResponse({"id": message.pk}, status=201 if created else 200)
