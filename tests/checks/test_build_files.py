"""What of a build file decides which tests run, and what is daily bread."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_checks import codes, held, phase

from weighlock.checks.changes import protected
from weighlock.checks.kinds import RULES
from weighlock.checks.reading import tables

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <artifactId>kit</artifactId>
  <version>1.0</version>
  <modules><module>core</module></modules>
  <properties><junit.version>5.9</junit.version></properties>
  <dependencies>
    <dependency><artifactId>gson</artifactId><version>2.8</version></dependency>
  </dependencies>
  <build><plugins><plugin>
    <artifactId>maven-surefire-plugin</artifactId><version>3.0</version>
    <configuration><trimStackTrace>true</trimStackTrace></configuration>
  </plugin></plugins></build>
</project>
"""
GRADLE = """plugins {
    id("java") // the language
    id("org.example.shadow") version "1.0"
}
version = "1.0"
dependencies {
    implementation("com.example:gson:2.8")
    testImplementation(platform("org.junit:junit-bom:5.9"))
}
tasks.test { useJUnitPlatform() }
"""
SETTINGS = 'rootProject.name = "kit"\ninclude(":core")\n'
GO = "module example.com/kit\n\ngo 1.21\n\nrequire (\n\texample.com/a v1.0.0\n)\n"
CARGO = (
    '[package]\nname = "kit"\nversion = "1.0.0"\n[lib]\nname = "kit"\n'
    '[workspace]\nmembers = ["core"]\n[dependencies]\nserde = "1"\n'
)
SKIP = "<properties><skipTests>true</skipTests>"
OLD = "</dependencies>"


@pytest.mark.parametrize(
    ("path", "text", "was", "now"),
    [
        ("pom.xml", POM, "<version>1.0</version>", "<version>1.1</version>"),
        ("pom.xml", POM, "5.9", "5.10"),
        ("pom.xml", POM, "<version>3.0</version>", "<version>3.2</version>"),
        ("pom.xml", POM, OLD, f"<dependency><version>1</version></dependency>{OLD}"),
        ("pom.xml", POM, "<modules>", "<modules><module>web</module>"),
        ("pom.xml", POM, "  <build>", "\n<!-- how -->\n<build>"),
        ("build.gradle.kts", GRADLE, '"1.0"\n}', '"1.1"\n}'),
        ("build.gradle", GRADLE, 'version = "1.0"', "version = '2.0'"),
        (
            "build.gradle",
            GRADLE,
            "    testI",
            '    implementation libs.a.b\n    api project(":core")\n    testI',
        ),
        ("build.gradle", GRADLE, "// the language", "/* see\n docs */"),
        ("settings.gradle", SETTINGS, "include", 'include(":web", ":app")\ninclude'),
        ("go.mod", GO, "1.21", "1.22"),
        ("go.mod", GO, ")", "\texample.com/b v1.2.3 // indirect\n)"),
        ("Cargo.toml", CARGO, "serde", 'rand = "0.8"\nserde'),
        ("Cargo.toml", CARGO, '["core"]', '["core", "web"]'),
        ("Cargo.toml", CARGO, "[lib]", '[[bin]]\nname="a"\npath="src/a.rs"\n[lib]'),
    ],
)
def test_dependencies_versions_and_new_modules_are_daily_bread(
    path: str, text: str, was: str, now: str
) -> None:
    assert was in text
    new = text.replace(was, now, 1)
    assert tables.differs(path, text.encode(), new.encode()) is None


@pytest.mark.parametrize(
    ("path", "text", "was", "now"),
    [
        ("pom.xml", POM, "<properties>", SKIP),
        ("pom.xml", POM, "<trimStackTrace>", "<skip>true</skip><trimStackTrace>"),
        ("pom.xml", POM, "<module>core</module>", ""),
        ("pom.xml", POM, "  <build>", "<profiles><profile/></profiles><build>"),
        ("pom.xml", POM, "</project>", ""),
        ("pom.xml", POM, "<project", '<!DOCTYPE a [<!ENTITY a "b">]><project'),
        ("build.gradle", GRADLE, "useJUnitPlatform()", "enabled = false"),
        (
            "build.gradle",
            GRADLE,
            "    implementation",
            "    tasks.test { enabled = false }\n    implementation",
        ),
        (
            "build.gradle",
            GRADLE,
            '("com.example:gson:2.8")',
            '("com.example:gson:${exec { }}")',
        ),
        ("build.gradle.kts", GRADLE, 'id("java")', 'id("java")\n    id("forger")'),
        ("settings.gradle", SETTINGS, 'include(":core")', ""),
        ("go.mod", GO, "require", "replace example.com/a => ./fake\n\nrequire"),
        ("go.mod", GO, "require", "ignore ./slow\n\nrequire"),
        ("Cargo.toml", CARGO, "[lib]", "[lib]\ntest = false"),
        ("Cargo.toml", CARGO, "[lib]", '[patch.crates-io]\nserde={path="f"}\n[lib]'),
        ("Cargo.toml", CARGO, '["core"]', "[]"),
    ],
)
def test_what_decides_which_tests_run_is_protected(
    path: str, text: str, was: str, now: str
) -> None:
    assert was in text
    new = text.replace(was, now, 1)
    assert tables.differs(path, text.encode(), new.encode())


PYTEST = "[tool.pytest.ini_options]\naddopts = '-k nothing'\n"
MORE = {"tests/test_a.py": "def test_a():\n    assert True\n", "a.py": "x = 1\n"}


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("pyproject.toml", PYTEST, {"config-weakened"}),
        ("setup.cfg", "[tool:pytest]\naddopts = -k no\n", {"config-weakened"}),
        ("tests/pytest.ini", "[pytest]\n", {"config-weakened"}),
        ("tox.ini", "[pytest]\n", {"config-weakened"}),
        ("package.json", '{"jest": {"testMatch": []}}', {"config-weakened"}),
        ("pyproject.toml", "[project]\nname = 'a'\n", set()),
        ("setup.cfg", "[metadata]\nname = a\n", set()),
        ("package.json", '{"name": "a", "scripts": {"build": "tsc"}}', set()),
    ],
)
def test_a_new_file_that_configures_old_tests_must_be_planned(
    path: str, text: str, code: set[str]
) -> None:
    work = {"a.py": "x = 2\n", path: text}
    unplanned = held(phase(files="~a.py"), MORE, work)
    assert codes(protected.look(unplanned, RULES["impl"])) == code
    restored = protected.to_restore(unplanned, RULES["impl"])
    assert restored == (((path, None),) if code else ())
    planned = held(phase(files=f"~a.py +{path}"), MORE, work)
    assert protected.look(planned, RULES["impl"]).verdict == "pass"


@settings(max_examples=60)
@given(
    path=st.sampled_from(["pom.xml", "build.gradle", "go.mod", "Cargo.toml"]),
    text=st.sampled_from([POM, GRADLE, GO, CARGO]) | st.text(max_size=80),
    cut=st.integers(0, 400),
    more=st.binary(max_size=40),
)
def test_any_bytes_are_compared(path: str, text: str, cut: int, more: bytes) -> None:
    data = text.encode(errors="surrogatepass")
    assert tables.differs(path, data, data) is None
    tables.differs(path, data, data[:cut] + more + data[cut:])
    tables.configures(path, more)
    tables.wanted(path, data[:cut] + more)
