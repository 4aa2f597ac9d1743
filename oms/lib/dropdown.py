"""A filter of a changelist as one field to choose from, in unfold's look."""

from unfold.contrib.filters import admin


class DropdownFilter(admin.DropdownFilter):
    """Unfold's, without a form, its field, its widget and their templates for each filter of each page."""

    template = "oms/admin/dropdown.html"

    def choices(self, changelist):
        """Yield (value, label, whether it is chosen); labels tell how many rows there are, where that is asked."""
        counts = self.get_facet_queryset(changelist) if changelist.add_facets else {}
        chosen = str(self.value() or "")
        yield *self.all_option, not chosen
        for number, (value, label) in enumerate(self.lookup_choices):
            told = f"{label} ({counts[f'{number}__c']})" if counts else label
            yield value, told, str(value) == chosen
