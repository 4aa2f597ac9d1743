"""One of many values, as one parameter: a thousand placeholders cost the server and us more than the rows."""

from django.core.exceptions import EmptyResultSet
from django.db.models import F
from django.db.models.lookups import In

from oms.lib.prepared import Params


def among(field, values):
    """Return the condition that `field` is one of `values`, or of a prepared query set's Params, for `filter()`.

    No values: nothing is.
    """
    return _Among(F(field), values if isinstance(values, Params) else list(values))


class _Among(In):
    def as_postgresql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet  # nothing needs to be asked
        column, parameters = self.process_lhs(compiler, connection)
        # Among numbers of another length PostgreSQL looks one by one, for each row.
        cast = "::bigint[]" if self.lhs.output_field.db_type(connection) == "bigint" else ""
        return f"{column} = ANY(%s{cast})", [*parameters, self.rhs]

    def as_sqlite(self, compiler, connection):
        if not isinstance(self.rhs, Params):
            return self.as_sql(compiler, connection)
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, self.rhs]
