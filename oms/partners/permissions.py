from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission


class HasScope(BasePermission):
    """Let a partner's key do what its scopes say; a method that a view does not name is denied.

    A view sets `scopes = {"GET": "orders:read", "POST": "orders:write"}`, an extra action its own by
    `@action(scopes=...)`.
    """

    def has_permission(self, request, view):
        """Say whether the caller may; when not, `message` names the scope that is missing.

        Raises MethodNotAllowed for a method that nobody may use here.
        """
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(request.method)
        needed = getattr(view, "scopes", {}).get("GET" if request.method == "HEAD" else request.method)
        self.message = f"This key lacks the scope {needed}."
        return needed is not None and needed in getattr(request.user, "scopes", ())
