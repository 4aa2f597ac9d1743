"""A filter of a changelist as one field to choose from, in unfold's look."""

from unfold.contrib.filters import admin


class DropdownFilter(admin.DropdownFilter):
    """Unfold's, without a form, its field, its widget and their templates for each filter of each page."""

    template = "oms/admin/dropdown.html"

    def choices(self, changelist):
        """Return [(value, label, whether it is chosen)]."""
        chosen = str(self.value() or "")
        return [(value, label, str(value) == chosen) for value, label in [self.all_option, *self.lookup_choices]]
