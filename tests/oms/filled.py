"""What a browser would send of a form of the console, as it is shown."""

from django.db.models.fields.files import FieldFile


def sent(client, address, **changes):
    """Return the answer to the form at `address`, sent as it is shown but for `changes` ({name: text})."""
    context = client.get(address).context
    data = {}
    for field in context["adminform"].form:
        value = field.value()
        widget = field.field.widget
        if hasattr(widget, "decompress"):
            parts = widget.decompress(value)
            data |= {f"{field.html_name}{name}": part for name, part in zip(widget.widgets_names, parts, strict=True)}
        elif value is not None and value is not False and not isinstance(value, FieldFile):
            data[field.html_name] = value
    for inline in context["inline_admin_formsets"]:
        for form in [inline.formset.management_form, *inline.formset.initial_forms]:
            data |= {field.html_name: field.value() for field in form if field.value() is not None}
    return client.post(address, data | changes)


def errors_of(answer):
    """Return {field: [words]} of what is wrong in the form of an answer."""
    assert answer.status_code == 200, "it was saved"
    return dict(answer.context["adminform"].form.errors)
