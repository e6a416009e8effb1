"""A request goes up, an answer comes down: attempts, holding back, delivery.

The commit point is the first byte of an answer that the client is given. Before it
everything can be tried again with another bucket, an error inside a stream of status
200 included. After it nothing is tried again, and a stream that breaks is told as
broken: the protocol's error event, and a transfer that has no end.
"""
