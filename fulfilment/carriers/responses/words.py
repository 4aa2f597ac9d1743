"""What a carrier's own words say of a parcel, where it has no code that we know: English, German, French."""

import re

from fulfilment.carriers.responses.reading import (
    DELIVERED,
    EXCEPTION,
    IN_TRANSIT,
    OUT_FOR_DELIVERY,
    PRE_TRANSIT,
    RETURNED,
)

# The first that is found counts; what is none of these is under way.
MEANINGS = {
    RETURNED: [
        r"return(ed|ing|s)?( is| was| package)?( in progress)?( to| from)?( the)? ?(sender|shipper|origin)",
        r"return(ed|ing|s)?( to)?( the)? ?(consignor|client)|in return|sent back|(will be|being|was|been) returned",
        r"back to the (sender|shipper|client)|zurück an|rücksendung|(?<!paketzentrum )zurückgesandt",
        r"(retour|renvoy).{0,30}exp[ée]diteur",
    ],
    EXCEPTION: [
        r"\b(not|unable|cannot|\w*n.t|never) (yet )?(to )?(be |been )?(deliver|collected|handed over)",
        r"\bnicht (zugestellt|zustell)",
        r"undeliver|exception|attempt|refus|reject|damag|\blost\b|missing|\bheld\b|on hold|delay|missed",
        r"mis-?rout|mis-?sort|(final|second|delivery) notice|notice left|card left|incorrect|insufficient",
        r"fail|cancel|unsuccessful|unable|seized|disposed|destroyed|reschedul|(wrong|bad) address|\bclosed\b",
        r"not (home|available|found|at|present|successful|picked up)|(delivery|clearance) (is )?not possible",
        r"missent|no such |forward expired|vacant|unclaimed|arrived after|awaiting payment",
        r"fehlgeschlagen|nicht angetroffen|storniert|beschädig|verzöger|zurückgestellt",
        r"erreur|impossible|avis (final|laiss)|dernier avis|carte de livraison|retard|tentative",
    ],
    DELIVERED: [
        r"(?<!be )\bdelivered\b(?! to (the |a )?(local )?(agent|carrier|usps|partner|terminal|facility))",
        r"(picked up|collected) by (the )?(consignee|recipient|customer|receiver|addressee)",
        r"received by (the )?consignee|delivery (successful|confirmed)|successful delivery|proof of delivery",
        r"left (at|with|in) (the |a |an )?(front|mail|porch|door|garage|neighbo|reception|safe|individual|agreed)",
        r"\bentregad[oa]\b|\bbezorgd\b|\bconsegnat[oa]\b|\bzugestellt\b|\blivr[ée]e?s?\b|signature recueillie",
    ],
    OUT_FOR_DELIVERY: [
        r"out.for.delivery|with (the )?(delivery|delivering|driver|courier|vehicle)|for delivery today",
        r"on (the )?(board|vehicle|van)\b|be delivered (today|shortly)|in delivery|loaded (in|on)(to)?( the)? delivery",
        r"vehicle for delivery|on ?board for delivery|zur abholung bereit|^(arrived )?at (the )?pick-?up point",
        r"(available|ready|awaiting|waiting).{0,20}(pick-?up|collection)(?! from (the )?(sender|shipper))",
        r"handed over to the (access point|parcel ?(shop|station|locker)|service point|post ?office)",
        r"(en cours de|prêt pour) livraison|sorti.{0,20}livraison|zustellfahrzeug|in zustellung",
    ],
    PRE_TRANSIT: [
        r"pre-?advi|electronic|shipping (info|notice)|preparing|pre-?shipment|pre-?transit|announced|angekündigt",
        r"created a label|^manifested$|being prepared|daten .{0,40}übermittelt",
        r"label (has been )?(created|printed|generated)|awaiting (item|parcel|handover)|ready for dispatch",
        r"(data|information) .{0,30}(received|entered|transmitted|approved|sent|submitted)",
        r"order (created|received|processed|confirmed)|shipment (created|notified|information)|book(ed|ing)",
        r"(to be|waiting to be) (picked up|collected)|pickup (scheduled|requested|created)",
        r"collection from (the )?(sender|shipper)",
        r"^(created|submitted|draft|registered|pending)$|renseignements.{0,40}(reçus|transmis)|reçu l.information",
    ],
}
# What would come back if nobody fetched it has not turned back.
UNLESS = re.compile(r"\b(if|unless|sinon|si) .{0,20}(not|un|non|pas|collect|claim)", re.IGNORECASE)
COMPILED = [(status, re.compile("|".join(words), re.IGNORECASE)) for status, words in MEANINGS.items()]


def by_words(text: str) -> str:
    """Return the status that a text tells of; pre_transit for none."""
    spaced = re.sub(r"[_\s]+", " ", text[:500]).strip()
    if not spaced:
        return PRE_TRANSIT
    found = next((status for status, words in COMPILED if words.search(spaced)), IN_TRANSIT)
    return EXCEPTION if found == RETURNED and UNLESS.search(spaced) else found
