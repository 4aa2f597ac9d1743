"""The console: Django's admin in unfold's clothes."""

from unfold.sites import UnfoldAdminSite


class Console(UnfoldAdminSite):
    site_header = "OMS"
    site_title = "OMS"
    index_title = "Home"
    enable_nav_sidebar = True
