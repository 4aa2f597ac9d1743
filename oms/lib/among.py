"""One of many values, as one parameter: a thousand placeholders cost the server and us more than the rows."""

from django.core.exceptions import EmptyResultSet
from django.db.models import F
from django.db.models.lookups import In


def among(field, values):
    """Return the condition that `field` is one of `values`, for `filter()`; no values: nothing is."""
    return _Among(F(field), list(values))


class _Among(In):
    def as_postgresql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet  # nothing needs to be asked
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, self.rhs]
