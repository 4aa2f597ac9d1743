"""Rows to choose from in the forms of the console: what somebody wrote into the request is refused in words."""

from django import forms

BIGGEST = 2**63 - 1  # that a key can be


def is_key(text):
    """Say whether `text` can be the key of a row."""
    text = str(text)
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= BIGGEST


class OneRow(forms.ModelChoiceField):
    """Django's, whose widget asks the database for whatever was sent."""

    def to_python(self, value):
        if value not in self.empty_values and not hasattr(value, "pk") and not is_key(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def bound_data(self, data, initial):
        return data if data and is_key(data) else None


class SomeRows(forms.ModelMultipleChoiceField):
    """Django's, whose widget asks the database for whatever was sent."""

    def clean(self, value):
        for key in value or ():
            if not is_key(key):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)

    def bound_data(self, data, initial):
        return [key for key in data or () if is_key(key)]


class ChecksKeys:
    """For admin classes and inlines whose forms choose rows."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": OneRow} | kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **{"form_class": SomeRows} | kwargs)
