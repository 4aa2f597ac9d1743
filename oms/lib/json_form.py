"""JSON in the forms of the console: what two parsers could understand differently is refused, as in the API."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput

from oms.lib.api.parsing import loads

WORDS = {dict: 'an object: {"size": "L"}', list: 'a list: ["L"]'}


class JsonField(forms.JSONField):
    """A JSON object or list, as `empty` (dict or list) says; left empty it is an empty one."""

    def __init__(self, *, empty, **kwargs):
        super().__init__(**kwargs)
        self.empty = empty

    def to_python(self, value):
        if not isinstance(value, str):
            return self.empty() if value is None else value
        try:
            found = loads(value.encode()) if value.strip() else self.empty()
        except (ValueError, RecursionError) as error:
            raise ValidationError(f"This is no sound JSON: {str(error)[:100]}") from None
        if not isinstance(found, self.empty):
            raise ValidationError(f"Write {WORDS[self.empty]}")
        return found

    def bound_data(self, data, initial):
        """As it was typed, also where it is too deep to be read."""
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)
