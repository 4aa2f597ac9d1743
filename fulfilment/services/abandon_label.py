"""A parcel gives up the label that it has, or waits for; that is given back to its carrier afterwards."""

from fulfilment.models import Label


def abandon_label(order, parcel, *, actor):
    """Take its bought label off a claimed parcel, to be given back; without one nothing happens.

    Returns the Label. Nothing is asked of the carrier here: a transaction is open.
    """
    row = Label.objects.live().filter(parcel=parcel).select_for_update(of=("self",)).first()
    if row is None:
        return None
    row.move_to(Label.Status.VOIDING)
    if row.tracking_number and row.tracking_number == parcel.tracking_number:
        parcel.tracking_number, parcel.tracking_page, parcel.sealed_at = "", "", None
        parcel.save(update_fields=["tracking_number", "tracking_page", "sealed_at"])
    order.publish("parcel.label_voided", actor=actor, parcel=parcel.pk, label=row.pk)
    return row
