"""A local address for model calls, so that a run does not stop for a quota.

Agents are given a token of their own and this address. Real keys stay here; a spent
bucket is left at once, and what passes is changed in nothing but its credentials::

    async with Gateway.serve(settings, environ=os.environ, clock=clock) as gateway:
        token = gateway.token_for(Grant(run="r1", phase="03", attempt=1))
        ...                           # gateway.url and token go into the agent's env
        tally = await gateway.settled(token)  # did its turn really get an answer?
        gateway.revoke(token)
"""

from weighlock.gateway.door.grants import Budget, Grant
from weighlock.gateway.meter.prices import VERSION as PRICES
from weighlock.gateway.meter.prices import Price, Prices
from weighlock.gateway.meter.spent import Account, Spent
from weighlock.gateway.meter.till import Tally
from weighlock.gateway.record import EXHAUSTED, OVER, UNMETERED, Record
from weighlock.gateway.serve import Gateway

__all__ = [
    "EXHAUSTED",
    "OVER",
    "PRICES",
    "UNMETERED",
    "Account",
    "Budget",
    "Gateway",
    "Grant",
    "Price",
    "Prices",
    "Record",
    "Spent",
    "Tally",
]
