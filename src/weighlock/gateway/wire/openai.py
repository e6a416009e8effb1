"""What OpenAI's two protocols have in common: how they say no."""

import orjson

from weighlock.gateway.wire.model import Refusal

_ERRORS = {
    400: ("invalid_request_error", "invalid_request"),
    401: ("authentication_error", "invalid_api_key"),
    403: ("permission_error", "forbidden"),
    404: ("invalid_request_error", "not_found"),
    413: ("invalid_request_error", "request_too_large"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    503: ("server_error", "server_is_overloaded"),
}
_SERVERS = 500
_WRONG = ("invalid_request_error", "invalid_request")
_OTHER = ("server_error", "server_error")


def error(refusal: Refusal) -> dict[str, object]:
    """Return the error object of a refusal."""
    other = _OTHER if refusal.status >= _SERVERS else _WRONG
    kind, code = _ERRORS.get(refusal.status, other)
    return {"message": refusal.message, "type": kind, "param": None, "code": code}


def refusal_body(refusal: Refusal) -> bytes:
    """Return the body of a refusal."""
    return orjson.dumps({"error": error(refusal)})
