"""Pictures of parcels as they are packed: what is shown to a customer, or a carrier, who says that something lacked."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from fulfilment.documents.packing_photo import KIND
from fulfilment.services.pack import claim_parcel
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.papers.models import Document
from oms.papers.services.keep_document import drop_file, keep_document, keep_file

MOST_PHOTOS = 6
MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
SIDE, QUALITY = 1600, 80


def photograph(parcel_id, picture, *, actor):
    """Keep a picture (an open file) of a parcel, made smaller, and return its Document.

    Where it was taken, and by which device, is not kept. Raises Invalid for what is no picture, too large or one too
    many.
    """
    name, digest = keep_file(shrink(picture), "jpg")
    try:
        return _keep(parcel_id, name, digest, actor=actor)
    except BaseException:
        drop_file(name)
        raise


def shrink(picture):
    """Return a picture as JPEG, upright, at most SIDE pixels a side, without what the camera wrote about it."""
    if picture.size > MOST_BYTES:
        raise Invalid(f"A photo has at most {MOST_BYTES // 1_000_000} MB.", field="photo")
    try:
        image = Image.open(picture, formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            raise Invalid(f"A photo has at most {MOST_PIXELS} pixels.", field="photo")
        image.draft("RGB", (SIDE, SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise Invalid("This is no picture that can be read: JPEG, PNG or WebP.", field="photo") from None
    upright.thumbnail((SIDE, SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@command
def _keep(parcel_id, name, digest, *, actor):
    work, parcel = claim_parcel(parcel_id)
    taken = Document.objects.filter(kind=KIND, object_id=parcel.pk).count()
    if taken >= MOST_PHOTOS:
        raise Invalid(f"Parcel {parcel} has {taken} photos already.", field="photo")
    title = f"Photo {taken + 1} of parcel {parcel}"
    return keep_document(KIND, work.order.subject, parcel.pk, name=name, digest=digest, title=title, actor=actor)
