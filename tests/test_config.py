"""What a configuration may say, and what it is told when it says it wrong."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from weighlock.config import (
    KINDS,
    PROFILES,
    AgentSettings,
    Choice,
    GateSettings,
    Limits,
    LintSettings,
    Settings,
    find,
    parse,
)
from weighlock.config import buckets as doors
from weighlock.config.budget import BudgetSettings
from weighlock.config.notify import NotifySettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.errors import SettingsError

WHOLE = """
agent = "claude"
jobs = 3
attempts = 4
split = "phase"
skills = ["rust"]

[agents.claude]
kind = "acp"
profile = "claude"
model = "m"
effort = "high"
max_turns = 9
env = { NAME = "value" }
jobs = 1
login = "login"

[agents.own]
kind = "command"
command = ["python3", "agent.py"]

[agents.me]
kind = "person"

[agents.played]
kind = "scripted"
script = "../play.toml"
sandbox = "none"

[roles]
"Rust Developer" = "claude"
Tester = { agent = "own", model = "n", effort = "low" }

[phases]
P5 = { model = "o" }

[kinds]
tdd = "own"

[gate]
setup = ["npm ci"]
test = "pytest -q"
protect = ["golden/**"]
oracle = "../probes.toml"
build = "make"
lint = "ruff check"
types = "mypy"
format = "ruff format --check"
mutation = 60
mutation_s = 90
coverage = "off"
review = "on"
reviewer = "script"
review_s = 300
command_s = 30

[providers.anthropic]
protocol = "anthropic"
base_url = "https://api.example.com"

[[buckets]]
id = "work"
provider = "anthropic"
oauth = "mine"
max_in_flight = 4
enabled = false

[[buckets]]
id = "spare"
provider = "anthropic"
key_env = "SPARE_KEY"

[[buckets]]
id = "last"
provider = "anthropic"
key_file = "last.key"

[oauth.mine]
client_id = "registered"
client_secret_env = "MINE_SECRET"
authorize_url = "https://login.example.com/authorize"
token_url = "https://login.example.com/token"
device_url = "https://login.example.com/device"
revoke_url = "https://login.example.com/revoke"
scopes = ["models"]
store = "keyring"

[gateway]
delivery = "assured"
max_attempts = 3
max_reauth = 0
stay_wait_s = 0
max_wait_s = 60
probe_after_s = 60
connect_s = 1
first_event_s = 2
idle_s = 3

[sandbox]
use = "auto"
read = ["../data"]
write = ["../scratch"]
network = true

[budget]
money = 20
tokens = 5_000_000
minutes = 90.5
phase_money = 3
phase_tokens = 400_000
phase_minutes = 30

[notify]
command = ["./tell.sh", "me"]
on = ["login"]
timeout_s = 3

[limits]
phase_minutes = 12.5
idle_minutes = 3
prompt_tokens = 900

[lint]
ignore = ["WL203"]

[lint.severity]
wl402 = "error"
WL204-no-blast-radius = "off"

[lint.files]
"plans/old/**" = ["WL104"]

[trace]
needs = ["impl", "test"]
fail_on = ["unmarked", "suspect"]

[trace.justified]
"REQ-9" = "it is on paper"
"""


@pytest.fixture
def told(tmp_path):
    """Return what a repository's weighlock.toml is read as."""

    def tell(text):
        (tmp_path / "weighlock.toml").write_text(text)
        return find(tmp_path, None)

    return tell


@pytest.fixture
def refused(told):
    """Return the error that a weighlock.toml is refused with."""

    def refuse(text):
        with pytest.raises(SettingsError) as caught:
            told(text)
        assert "weighlock.toml" in caught.value.where
        assert caught.value.exit_code == 3
        return caught.value

    return refuse


def test_without_a_file_everything_has_its_default(tmp_path):
    assert find(tmp_path, None) == Settings()


def test_every_key_is_read(told, tmp_path):
    found = told(WHOLE)
    outside = tmp_path.parent
    assert (found.agent, found.jobs, found.attempts) == ("claude", 3, 4)
    assert (found.skills, found.source) == (("rust",), tmp_path / "weighlock.toml")
    assert found.agents["claude"] == AgentSettings(
        name="claude",
        profile="claude",
        model="m",
        effort="high",
        max_turns=9,
        env={"NAME": "value"},
        jobs=1,
        login=tmp_path / "login",
    )
    assert found.agents["own"].command == ("python3", "agent.py")
    assert found.agents["played"].script == outside / "play.toml"
    assert found.gate == GateSettings(
        setup=("npm ci",),
        test="pytest -q",
        protect=("golden/**",),
        oracle=outside / "probes.toml",
        build="make",
        lint="ruff check",
        types="mypy",
        format="ruff format --check",
        mutation=60.0,
        mutation_s=90.0,
        coverage="off",
        review="on",
        reviewer="script",
        review_s=300.0,
        command_s=30.0,
    )
    assert found.budget == BudgetSettings(
        money=20.0,
        tokens=5_000_000,
        minutes=90.5,
        phase_money=3.0,
        phase_tokens=400_000,
        phase_minutes=30.0,
    )
    assert found.notify == NotifySettings(
        command=("./tell.sh", "me"), on=("login",), timeout_s=3.0
    )
    assert found.limits == Limits(
        phase_minutes=12.5, idle_minutes=3.0, prompt_tokens=900
    )


def test_a_rule_of_lint_is_known_by_its_number_alone(told):
    assert told(WHOLE).lint == LintSettings(
        ignore=("WL203-no-owner",),
        severity={"WL402-check-cannot-fail": "error", "WL204-no-blast-radius": "off"},
        files={"plans/old/**": ("WL104-number-gap",)},
    )


def test_the_example_above_says_every_key_there_is():
    said = tomllib.loads(WHOLE)
    agents = {key for table in said["agents"].values() for key in table}
    choices = {
        k
        for t in ("roles", "phases")
        for v in said[t].values()
        if isinstance(v, dict)
        for k in v
    }
    names = lambda cls: {f.name for f in fields(cls)} - {"name", "source"}  # noqa: E731
    assert set(said) == names(Settings)
    assert agents == names(AgentSettings)
    assert choices == names(Choice)
    assert set(said["gate"]) == names(GateSettings)
    assert set(said["limits"]) == names(Limits)
    assert set(said["budget"]) == names(BudgetSettings)
    assert set(said["notify"]) == names(NotifySettings)
    assert set(said["lint"]) == names(LintSettings)
    assert set(said["sandbox"]) == names(SandboxSettings)
    buckets = {key for table in said["buckets"] for key in table}
    assert buckets == names(doors.BucketSettings)
    assert set(said["providers"]["anthropic"]) == names(doors.ProviderSettings)
    assert set(said["oauth"]["mine"]) == names(doors.OAuthSettings)
    assert set(said["gateway"]) == names(doors.GatewaySettings)


def test_the_sandbox_s_paths_are_relative_to_the_file(told, tmp_path):
    found = told('[sandbox]\nread = ["../data"]\nwrite = ["out"]').sandbox
    assert found.read == (str(tmp_path.parent / "data"),)
    assert found.write == (str(tmp_path / "out"),)


@pytest.mark.parametrize(
    "text", ['[sandbox]\nuse = "docker"', '[agents.a]\nsandbox = "docker"']
)
def test_a_sandbox_that_nobody_knows_is_refused(told, text):
    with pytest.raises(SettingsError, match=r"sandbox.* is 'docker'"):
        told(text)


@pytest.mark.parametrize("table", ["roles", "phases", "kinds"])
def test_who_does_what_is_a_name_or_a_table(told, table):
    found = getattr(told(f'[{table}]\ntdd = "own"'), table)
    assert found == {"tdd": Choice(agent="own")}
    found = getattr(told(f'[{table}]\ntdd = {{ model = "m" }}'), table)
    assert found == {"tdd": Choice(model="m")}


def test_a_phase_is_accepted_in_any_spelling(told):
    found = told('[phases]\nP5 = "a"\n"3A" = "b"\n')
    assert set(found.phases) == {"05", "03a"}


@pytest.mark.parametrize("profile", PROFILES)
def test_an_acp_agent_has_the_profile_of_its_name(told, profile):
    [agent] = told(f"[agents.{profile}]").agents.values()
    assert (agent.kind, agent.profile) == ("acp", profile)


def test_an_acp_agent_with_a_command_of_its_own_needs_no_profile(told):
    [agent] = told('[agents.mine]\ncommand = ["mine", "acp"]').agents.values()
    assert (agent.kind, agent.profile) == ("acp", "")


def test_a_table_in_pyproject_is_as_good_as_a_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        "[tool.weighlock]\njobs = 7\n[tool.weighlock.gate]\noracle = 'o.toml'\n"
    )
    found = find(tmp_path, None)
    assert (found.jobs, found.gate.oracle) == (7, tmp_path / "o.toml")
    assert found.source == tmp_path / "pyproject.toml"


def test_another_table_of_pyproject_is_none_of_ours(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.other]\njobs = 'many'\n")
    assert find(tmp_path, None) == Settings()


def test_two_configurations_at_once_are_refused(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.weighlock]\njobs = 7\n")
    (tmp_path / "weighlock.toml").write_text("jobs = 6\n")
    with pytest.raises(SettingsError, match=r"both .* configure weighlock") as caught:
        find(tmp_path, None)
    assert caught.value.hint == "keep one of them"


def test_a_given_file_replaces_the_repositorys_own(tmp_path):
    (tmp_path / "weighlock.toml").write_text("jobs = 'broken'\n")
    other = tmp_path / "elsewhere" / "other.toml"
    other.parent.mkdir()
    other.write_text("[gate]\noracle = 'o.toml'\n")
    assert find(tmp_path, other).gate.oracle == other.parent / "o.toml"


def test_a_home_in_a_path_is_the_users(told, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    [agent] = told("[agents.claude]\nlogin = '~/.claude'").agents.values()
    assert agent.login == tmp_path / "home" / ".claude"


def test_an_absolute_path_stays(told):
    assert told("[gate]\noracle = '/o.toml'").gate.oracle == Path("/o.toml")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("job = 2", "unknown key job", "did you mean 'jobs'?"),
        ("[gate]\ntests = 'x'", "unknown key gate.tests", "did you mean 'test'?"),
        ("[limit]\nx = 1", "unknown key limit", "did you mean 'limits'?"),
        ("[agents.claude]\nmodle = 'x'", "agents.claude.modle", "mean 'model'?"),
        ("[agents.claude]\nname = 'x'", "unknown key agents.claude.name", "known:"),
        ("[gate]\nname = 'x'", "unknown key gate.name", "known:"),
        ("name = 'x'", "unknown key name", "known: agent, jobs"),
        ("source = 'x'", "unknown key source", "known:"),
        ("[roles]\nT = { agnet = 'x' }", "roles.T.agnet", "mean 'agent'?"),
        ("[notify]\non = ['logn']", "notify.on is 'logn'", "did you mean 'login'?"),
        ("[kinds]\ntddd = 'x'", "a key of kinds is 'tddd'", "did you mean 'tdd'?"),
        ("[agents.a]\nkind = 'comand'", "kind is 'comand'", "mean 'command'?"),
        ("[agents.cloude]", "profile is 'cloude'", "did you mean 'claude'?"),
        ("[agents.zzz]", "profile is 'zzz'", "one of claude, codex"),
        ("[agents.a]\nkind = 'command'", "has no command", ""),
        ("[lint]\nignore = ['WL204-no-blast-radios']", "no rule", "WL204-no-blast-ra"),
        ("[lint]\nignore = ['E501']", "lint.ignore names no rule", "weighlock explain"),
        ("[lint.severity]\nWL999 = 'off'", "lint.severity names no rule", "explain"),
        ("[lint.severity]\nWL204 = 'of'", "lint.severity.WL204 is 'of'", "'off'"),
        ("[lint.files]\n'a/**' = ['WL']", 'lint.files."a/**" names no', ""),
        ("[trace]\nfail_on = ['suspct']", "trace.fail_on is 'suspct'", "'suspect'"),
        ("[trace]\nneeds = []", "trace.needs is empty", "impl"),
        ("[trace.justified]\nREQ-1 = ' '", "REQ-1 gives no reason", "say why"),
    ],
)
def test_an_unknown_word_is_refused_with_the_one_that_was_meant(
    refused, text, message, hint
):
    error = refused(text)
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agent = 1", "agent has the wrong type: 1"),
        ("jobs = '2'", "jobs has the wrong type: '2'"),
        ("jobs = true", "jobs has the wrong type: True"),
        ("jobs = 1.5", "jobs has the wrong type: 1.5"),
        ("jobs = 0", "jobs must be 1 or more"),
        ("attempts = -1", "attempts must be 1 or more"),
        ("skills = 'rust'", "skills has the wrong type"),
        ("skills = [1]", "skills has the wrong type"),
        ("agents = 1", "agents must be a table"),
        ("[agents]\nclaude = 'x'", "agents.claude must be a table"),
        ("[agents.claude]\nenv = { A = 1 }", "agents.claude.env has the wrong type"),
        ("[agents.claude]\njobs = 0", "agents.claude.jobs must be 1 or more"),
        ("[agents.claude]\nmax_turns = 0", "agents.claude.max_turns must be"),
        ("[agents.claude]\ncommand = 'x'", "agents.claude.command has the wrong"),
        ("[agents.claude]\nlogin = 1", "agents.claude.login has the wrong type"),
        ("roles = []", "roles must be a table"),
        ("[roles]\nT = 1", "roles.T must be an agent's name or a table"),
        ("gate = 'x'", "gate must be a table"),
        ("[gate]\nprotect = 'x'", "gate.protect has the wrong type"),
        ("[gate]\ncommand_s = 0", "gate.command_s has the wrong type"),
        ("[gate]\nmutation = 'of'", "gate.mutation is 'of'"),
        ("[gate]\ncoverage = 101", "gate.coverage is percent, 100 at most: 101"),
        ("[limits]\nphase_minutes = -1", "limits.phase_minutes has the wrong type"),
        ("[limits]\nidle_minutes = nan", "limits.idle_minutes has the wrong type"),
        ("[lint]\nignore = 'WL204'", "lint.ignore has the wrong type"),
        ("[lint.files]\n'a/**' = 'WL204'", "lint.files has the wrong type"),
        ("[limits]\nprompt_tokens = 0", "limits.prompt_tokens must be 1 or more"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(refused, text, message):
    assert message in refused(text).message


@pytest.mark.parametrize(
    "text", ["[tool]\nweighlock = 3 # tool.weighlock", "[[tool.weighlock]]\njobs = 1"]
)
def test_a_pyproject_that_holds_no_table_of_ours_is_refused(tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(SettingsError, match="weighlock must be a table"):
        find(tmp_path, None)


def test_invalid_toml_is_named_by_file_line_and_column(refused):
    error = refused("jobs = 2\nagent = = 1\n")
    assert "line 2, column 9" in error.message


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "weighlock.toml").write_bytes(b"jobs = 2 # \xff\n")
    with pytest.raises(SettingsError, match="not valid TOML"):
        find(tmp_path, None)


def test_a_file_that_is_not_there_is_refused_when_it_was_asked_for(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read") as caught:
        find(tmp_path, tmp_path / "none.toml")
    assert caught.value.where == str(tmp_path / "none.toml")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_agent_can_be_configured(kind):
    table = {"kind": kind, "command": ["x"]}
    found = parse({"agents": {"one": table}}, Path("weighlock.toml"))
    assert found.agents["one"].kind == kind
