"""A few orders that the services made, copied by SQL until they are as many as a large merchant has."""

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from fulfilment.models import FulfilmentLine, FulfilmentOrder
from oms.outbox.models import Event
from orders.models import Allocation, Hold, Order, OrderCharge, OrderLine, Payment, SearchKey

MODELS = (
    *(Order, OrderLine, OrderCharge, Allocation, Hold, SearchKey, Payment),
    *(FulfilmentOrder, FulfilmentLine, Event),
)
# What must differ from copy to copy, in SQL over the row `t` and the copy's number `n`.
NUMBER = "CAST({first} + t.order_id + n * {step} AS varchar(30))"
DIFFERENT = {
    (Order, "external_id"): "t.external_id || '-' || n",
    (Payment, "reference"): "CASE t.reference WHEN '' THEN '' ELSE t.reference || '-' || n END",
    (SearchKey, "value"): "CASE t.kind WHEN 'number' THEN {number} WHEN 'name' THEN t.value"
    " WHEN 'sku' THEN t.value WHEN 'postcode' THEN t.value ELSE n || '-' || t.value END",
    (Event, "subject"): "'order:' || (CAST(substr(t.subject, 7) AS integer) + n * {step})",
}


def multiply(copies, *, first_number):
    """Copy all orders and what hangs on them `copies` times, with ids, numbers and keys of their own."""
    steps = {model: model.objects.aggregate(most=Max("pk"))["most"] or 0 for model in MODELS}
    step = steps[Order]
    number = NUMBER.format(first=first_number, step=step)
    with connection.cursor() as cursor:
        for model in MODELS:
            if steps[model]:
                cursor.execute(_statement(model, steps, number=number, step=step), [copies])
                # Keys are looked up by plans that were made while the table had a page.
                cursor.execute(f'ANALYZE "{model._meta.db_table}"')
        for statement in connection.ops.sequence_reset_sql(no_style(), MODELS):
            cursor.execute(statement)
        # As the server does by itself, a while later.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _statement(model, steps, *, number, step):
    columns, values = [], []
    for field in model._meta.concrete_fields:
        columns.append(f'"{field.column}"')
        values.append(_value(model, field, steps, number=number, step=step))
    of_orders = "WHERE t.subject LIKE 'order:%%'" if model is Event else ""
    return (
        f"WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < %s) "
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
        f'SELECT {", ".join(values)} FROM "{model._meta.db_table}" t CROSS JOIN copies {of_orders}'
    )


def _value(model, field, steps, *, number, step):
    if (model, field.name) in DIFFERENT:
        return DIFFERENT[model, field.name].format(number=number, step=step)
    if field.primary_key:
        return f"t.{field.column} + n * {steps[model]}"
    if field.is_relation and field.related_model in steps:
        return f"t.{field.column} + n * {steps[field.related_model]}"
    return f't."{field.column}"'
