"""The console: Django's admin in unfold's clothes."""

from unfold.sites import UnfoldAdminSite

from oms.lib import device
from oms.navigation import sidebar


class Console(UnfoldAdminSite):
    index_title = "Home"
    index_template = "oms/home.html"
    enable_nav_sidebar = True

    def get_app_list(self, request, app_label=None):
        """Of one app; of all nobody shows it, as sidebar and home have their own lists, and each page would make it."""
        return super().get_app_list(request, app_label) if app_label else []

    def get_sidebar_list(self, request):
        """As it is: unfold would look in each link for callbacks and tabs, which ours do not have."""
        return sidebar(request)

    def login(self, request, extra_context=None):
        """Log in as Django does, and know the device again: other devices' failures do not lock it."""
        response = super().login(request, extra_context)
        if request.method == "POST" and request.user.is_authenticated:
            device.remember(response, request.user.get_username())
        return response
