from django.http import Http404
from django.shortcuts import render

from oms.lib.api.codes import CODES


def errors(request, code=None):
    """Show what a problem's code means and what to do, or all codes: `type` of a problem is this address."""
    if code is not None and code not in CODES:
        raise Http404
    codes = CODES.values() if code is None else [CODES[code]]
    return render(request, "oms/api_errors.html", {"codes": codes, "is_one": code is not None})
