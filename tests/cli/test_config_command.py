"""``config show``: what is in force, and where it was written."""

import json

import pytest


@pytest.mark.parametrize("verb", [("config",), ("config", "show")])
def test_the_settings_in_force_are_shown_with_their_file(project, verb):
    done = project.run(*verb, "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["source"] == str(project.beside / "weighlock.toml")
    assert shown["settings"]["agents"]["script"]["kind"] == "command"


def test_the_values_of_an_environment_are_not_shown(project):
    with (project.beside / "weighlock.toml").open("a") as file:
        file.write('env = { API_KEY = "sesame" }\n')
    for form in ((), ("--json",)):
        done = project.run("config", "show", *form)
        assert "API_KEY" in done.stdout
        assert "sesame" not in done.stdout
