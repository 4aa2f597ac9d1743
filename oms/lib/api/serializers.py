from rest_framework import serializers


class Strict:
    """Mixed into a serializer: refuses fields that it does not know, so that no typing error is lost.

    Fields that are only read count as unknown: whoever sends them expects an effect.
    """

    def to_internal_value(self, data):
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(set(data) - known, key=str)
            if unknown:
                known_names = ", ".join(sorted(known))
                message = f"Unknown field; known are: {known_names}."
                raise serializers.ValidationError({str(name)[:100]: [message] for name in unknown})
        return super().to_internal_value(data)


class StrictSerializer(Strict, serializers.Serializer):
    """The base of all serializers that read."""


class StrictModelSerializer(Strict, serializers.ModelSerializer):
    """The same over a model."""
