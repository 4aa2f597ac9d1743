import django_filters
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action

from oms.papers.models import Document
from oms.papers.services.read_document import read_document
from orders.models import Order

# What goes to the customer or with the parcel: a request to a supplier holds the link by which that one answers.
KINDS = ("credit_note", "customs_form", "invoice", "packing_photo", "packing_slip", "return_slip", "shipping_label")


class DocumentOut(serializers.ModelSerializer):
    order = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = ["id", "order", "kind", "title", "language", "revision", "status", "sha256", "created_at"]

    def get_order(self, document) -> str:
        return Order(pk=int(document.subject.partition(":")[2])).number


class DocumentFilter(django_filters.FilterSet):
    order = django_filters.CharFilter(method="of_order", max_length=20)
    kind = django_filters.CharFilter(max_length=40)

    class Meta:
        model = Document
        fields = []

    def of_order(self, queryset, name, value):
        """Narrow the documents to those of the order that people call `value`."""
        order = Order.objects.numbered(value).first()
        return queryset.filter(subject=order.subject) if order else queryset.none()


class Documents(viewsets.ReadOnlyModelViewSet):
    """Invoices, credit notes, packing slips … of your orders, as PDFs."""

    queryset = Document.objects.filter(kind__in=KINDS)
    serializer_class = DocumentOut
    filterset_class = DocumentFilter
    scopes = {"GET": "documents:read"}
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self):
        own = Order.objects.filter(partner=self.request.user.partner)
        subjects = own.annotate(name=Concat(Value("order:"), Cast(F("pk"), CharField()))).values("name")
        return super().get_queryset().filter(subject__in=subjects)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def pdf(self, request, pk):
        """Download the PDF itself."""
        document = self.get_object()
        answer = HttpResponse(read_document(document), content_type=document.media_type)
        answer["Content-Disposition"] = f'attachment; filename="{document.filename}"'
        return answer
