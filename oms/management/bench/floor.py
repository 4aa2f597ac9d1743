from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response
from rest_framework.views import APIView


class Nothing(APIView):
    """Knows the caller, reads what he sent, and answers an empty object: the floor of what a call costs."""

    scopes = {"POST": "orders:write"}

    def post(self, request):
        """Answer without doing anything."""
        return Response({} if request.data else None)


@csrf_exempt
def nothing(request):
    """Read the body and answer nothing: the floor of what a webhook costs."""
    return HttpResponse(status=202 if request.body else 400)
