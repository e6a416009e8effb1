"""Credentials with quotas of their own: which one is next, and how it stays alive.

One request asks a pool for leases until an upstream has served it::

    pool = open_pool(settings, environ=os.environ, clock=clock)
    request = pool.request("anthropic", model="m", affinity="token")
    while True:
        with await request.next() as lease:  # AllBucketsExhausted when none is left
            answer = await send(lease.upstream, lease.credential.headers(lease.wire))
            hint = classify(answer.status, answer.headers, answer.body, now=clock.now())
            if hint.passes:  # served, or the client's own fault: pass it on untouched
                lease.succeeded(hint)
                return answer
            lease.failed(hint)

``next`` waits where that is right (a short hint, a jittered retry, a free slot), renews
a token that ran out, and asks a person to log in only when ``pool`` was given a login.
Leaving the ``with`` block without a word gives the slot back and says nothing about the
bucket: the client went away. A connection that failed is ``network()``, a silent one
``stalled()``. ``request.reasons()`` and ``request.history`` tell why buckets were left;
``lease.attempt`` counts from 1 and ``lease.waited_s`` says how long this one waited.

``policy`` is pure. Nothing of a request lives in the pool, nothing of the pool in a
request; what is known about a credential carries the credential's version, so that a
late failure of a renewed token changes nothing.
"""

from weighlock.credentials.hints.classify import classify, classify_event
from weighlock.credentials.lease import Lease
from weighlock.credentials.notice import Notice
from weighlock.credentials.opening import open_pool
from weighlock.credentials.policy.bucket import Bucket, Upstream
from weighlock.credentials.policy.credential import Credential, Secret
from weighlock.credentials.policy.failure import AllBucketsExhausted, BucketFailure
from weighlock.credentials.policy.hint import Hint, network, stalled
from weighlock.credentials.policy.words import Wire
from weighlock.credentials.pool import BucketPool, Door
from weighlock.credentials.request import RequestState

__all__ = [
    "AllBucketsExhausted",
    "Bucket",
    "BucketFailure",
    "BucketPool",
    "Credential",
    "Door",
    "Hint",
    "Lease",
    "Notice",
    "RequestState",
    "Secret",
    "Upstream",
    "Wire",
    "classify",
    "classify_event",
    "network",
    "open_pool",
    "stalled",
]
