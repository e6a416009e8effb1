"""Which agents work through the gateway, and how each is pointed at it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from weighlock.agents.acp import AcpAgent
from weighlock.agents.command import CommandAgent
from weighlock.agents.reach import filled, program, reach
from weighlock.cli.metered.agent import Metered
from weighlock.cli.metered.exchange import Exchange
from weighlock.config import Settings
from weighlock.config.buckets import WIRES, GatewaySettings, Wire
from weighlock.credentials import Bucket, BucketPool, Upstream
from weighlock.credentials.source import KeySource
from weighlock.ports import Agent, Clock
from weighlock.providers import ModelAgent

Dress = Callable[[str, str], Agent]


def through(exchange: Exchange, agent: Agent) -> Agent:
    """Return an agent that works through the gateway, or the same one."""
    speaks = wires(exchange.settings)
    if isinstance(agent, AcpAgent):
        found = reach(agent.settings, speaks)
        if found is None:
            return agent
        return Metered(
            agent=agent,
            exchange=exchange,
            wires=frozenset({found.wire}),
            dress=_dress_acp(agent, found.variables),
            must_call=True,
        )
    if isinstance(agent, CommandAgent):
        return Metered(
            agent=agent,
            exchange=exchange,
            wires=frozenset(speaks),
            dress=_dress_command(agent, program(speaks)),
        )
    if isinstance(agent, ModelAgent):
        return Metered(
            agent=agent,
            exchange=exchange,
            wires=frozenset({agent.wire}),
            provider=agent.provider,
            dress=_dress_model(agent, exchange.clock),
            must_call=True,
        )
    return agent


def wires(settings: Settings) -> tuple[Wire, ...]:
    """Return the protocols that there are enabled buckets for."""
    used = {b.provider for b in settings.buckets if b.enabled}
    spoken = {p.protocol for name, p in settings.providers.items() if name in used}
    return tuple(wire for wire in WIRES if wire in spoken)


def _dress_acp(agent: AcpAgent, variables: Mapping[str, str]) -> Dress:
    def dressed(url: str, token: str) -> Agent:
        env = {**filled(variables, url, token), **agent.settings.env}
        return replace(agent, settings=replace(agent.settings, env=env))

    return dressed


def _dress_model(agent: ModelAgent, clock: Clock) -> Dress:
    """Give a model one bucket: the gateway, which goes on with the next by itself."""

    def dressed(url: str, token: str) -> Agent:
        here = Upstream(name=agent.provider, wire=agent.wire, base_url=url)
        key = KeySource(
            fingerprint=lambda _: "token", variable="TOKEN", environ={"TOKEN": token}
        )
        return replace(
            agent,
            pool=lambda: BucketPool(
                [Bucket(id="gateway", upstream=here, kind="api-key")],
                {"gateway": key},
                clock=clock,
                settings=GatewaySettings(max_attempts=1),
            ),
        )

    return dressed


def _dress_command(agent: CommandAgent, variables: Mapping[str, str]) -> Dress:
    def dressed(url: str, token: str) -> Agent:
        return replace(agent, env={**filled(variables, url, token), **agent.env})

    return dressed
