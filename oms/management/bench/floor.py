from rest_framework.response import Response
from rest_framework.views import APIView


class Nothing(APIView):
    """Knows the caller, reads what he sent, and answers an empty object: the floor of what a call costs."""

    scopes = {"POST": "orders:write"}

    def post(self, request):
        """Answer without doing anything."""
        return Response({} if request.data else None)
