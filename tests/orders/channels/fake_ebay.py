"""The parts of eBay that we call, as its documentation says they answer: tokens, and a page of orders, newest first."""

import base64
from itertools import count

from orders.channels import poll as polling

WHO = f"Basic {base64.b64encode(b'ck:cs').decode()}"
numbers = count(1)


def answer(shop, method, path, query, said, headers):
    """Return (status, what is answered)."""
    if path == "/identity/v1/oauth2/token":
        if headers.get("Authorization") != WHO or said != {"grant_type": "refresh_token", "refresh_token": "tok"}:
            return 400, {"error": "invalid_grant", "error_description": "the provided refresh token is invalid"}
        shop.tokens.append(f"ebay{next(numbers)}")
        return 200, {"access_token": shop.tokens[-1], "expires_in": 7200, "token_type": "User Access Token"}
    if headers.get("Authorization", "").removeprefix("Bearer ") not in shop.tokens:
        return 401, {"errors": [{"errorId": 1001, "message": "Invalid access token"}]}
    assert (method, path) == ("GET", "/sell/fulfillment/v1/order")
    assert int(query["limit"][0]) == polling.PER_PAGE
    begin = int(query["offset"][0])
    rows = shop.orders[::-1]
    return 200, {"orders": rows[begin : begin + polling.PER_PAGE], "total": len(rows)}
