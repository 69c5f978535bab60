"""The files in deploy/ are tested against the code and against their own kinds' published schemas."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.cli import commands
from bot.notify_settings import NOTIFY_SECRETS, SIGNED_WITH
from bot.secret_files import BUCKET_KEY
from bot.settings import Settings, load_settings
from bot.watchman import SECONDS_TO_LEAVE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_SHIPPED = {"demo", "dev"}
"""Extras no robot at work needs."""

WATCHED = re.findall(r'Route\("(/\w+)"', (ROOT / "bot/adapters/web/watch.py").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each as (word, rest)."""
    text = "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#"))
    lines = text.replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def compose() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return said


def kubernetes() -> dict[str, dict[str, Any]]:
    """The objects of the manifest by their kind."""
    text = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


def pod() -> dict[str, Any]:
    found: dict[str, Any] = kubernetes()["Deployment"]["spec"]["template"]["spec"]
    return found


def unit() -> dict[str, list[str]]:
    """Each key of [Service] with all its values."""
    text = (DEPLOY / "rowreel.service").read_text(encoding="utf-8").partition("[Service]")[2]
    found: dict[str, list[str]] = {}
    for line in text.partition("[Install]")[0].splitlines():
        key, sign, value = line.partition("=")
        if sign and not key.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


# -- what is installed ------------------------------------------------------------


def pins(name: str) -> dict[str, tuple[str, int]]:
    """The version of each package in a list, and how many hashes it has."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    blocks = re.findall(
        r"^([A-Za-z0-9_.-]+)==(\S+)[^\n]*((?:\\?\n    --hash=sha256:[0-9a-f]{64}[^\n]*)*)", text, re.MULTILINE
    )
    return {
        canonicalize_name(package): (version, hashes.count("--hash")) for package, version, hashes in blocks
    }


def shipped() -> list[str]:
    """What the robot at work needs, with extras that are made for it."""
    extras = PROJECT["project"]["optional-dependencies"]
    return PROJECT["project"]["dependencies"] + [
        one for name in extras if name not in NOT_SHIPPED for one in extras[name]
    ]


@pytest.mark.parametrize("name", ["constraints.txt", "build-constraints.txt"])
def test_every_pin_has_hashes_and_no_list_says_where_it_comes_from(name: str):
    """A file that was changed on the way is refused, and no index is written into the list."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    found = pins(name)

    assert found
    assert len(found) == len(re.findall(r"^[A-Za-z0-9]\S*==", text, re.MULTILINE))
    assert all(hashes for _, hashes in found.values()), found
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "needed"),
    [("constraints.txt", shipped()), ("build-constraints.txt", PROJECT["build-system"]["requires"])],
    ids=["robot", "build"],
)
def test_every_dependency_is_pinned_within_its_bounds(name: str, needed: list[str]):
    """A dependency that is new, or whose bounds moved, needs the list made anew: its first lines say how."""
    found = pins(name)
    wrong = [
        line
        for line in needed
        if (said := found.get(canonicalize_name(Requirement(line).name))) is None
        or said[0] not in Requirement(line).specifier
    ]

    assert not wrong, f"deploy/{name} is behind pyproject.toml: {wrong}"


# -- settings and commands they name ------------------------------------------------


def assert_settings(names: Iterable[str]) -> None:
    """Every ROWREEL_... variable is a setting."""
    for name in names:
        if not name.startswith("ROWREEL_"):
            continue
        part, _, field = name.removeprefix("ROWREEL_").lower().partition("__")
        assert part in Settings.model_fields, name
        inner = Settings.model_fields[part].annotation
        assert field in getattr(inner, "model_fields", {}), name


def assert_is_a_command(words: list[str]) -> None:
    """What is started is one of ours, with options it has."""
    command = commands.commands[words[0]]
    options = {option for one in command.params for option in one.opts}
    assert {word for word in words if word.startswith("--")} <= options


# -- the image ----------------------------------------------------------------------


def test_the_image_is_made_of_pinned_files_only():
    """Whatever pip fetches is known by its hash, and nothing is built from source but our own wheel."""
    runs = [rest for word, rest in instructions() if word == "RUN"]
    installs = [step for run in runs for step in run.split("&&") if "pip" in step and " install " in step]

    assert len(installs) == 3
    for step in installs:
        assert ("--require-hashes --only-binary :all:" in step) != ("--no-deps --no-index /dist/" in step), (
            step
        )
    assert all("--no-build-isolation" in run for run in runs if "pip wheel" in run)


def test_the_image_runs_as_nobody_and_stops_as_the_robot_does():
    """A user by number, never root; one volume; the word that lets it leave in peace; a command of ours."""
    last = instructions()[max(n for n, (word, _) in enumerate(instructions()) if word == "FROM") :]
    said = dict(last)

    assert re.fullmatch(r"[1-9]\d*:0", said["USER"])
    assert said["VOLUME"] == "/state"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert json.loads(said["ENTRYPOINT"]) == ["rowreel"]
    assert_is_a_command(json.loads(said["CMD"]))
    assert_settings(re.findall(r"(ROWREEL_\w+)=", said["ENV"]))
    assert "sqlite:////state/" in said["ENV"]


def test_no_secret_gets_into_a_layer():
    """Only what the image is made of is sent to the builder, by name, and it takes nothing more."""
    allowed = {
        line[1:].rstrip("/")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = [
        source
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]

    assert set(copied) <= allowed
    assert all((ROOT / source).exists() for source in copied)
    assert allowed - set(copied) == {"deploy"}
    assert not re.search(r"(?i)^(ARG|ENV).*(key|token|secret|password)", DOCKERFILE, re.MULTILINE)
    assert "ADD" not in {word for word, _ in instructions()}


def test_the_image_asks_the_robot_for_its_health():
    """Where the robot listens unless it is told otherwise, at an address it has."""
    [check] = [rest for word, rest in instructions() if word == "HEALTHCHECK"]
    place = Settings.model_fields["watch"].default.listen

    assert f"'http://{place}/healthz'" in check
    assert "/healthz" in WATCHED


# -- compose ------------------------------------------------------------------------


def test_compose_is_what_compose_takes():
    """The published schema of compose files has nothing to say against it."""
    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            str(DEPLOY / "compose.yaml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_compose_gives_the_robot_nothing_but_its_volume():
    """Read-only, without rights, secrets as files, time enough to leave."""
    said = compose()
    service = said["services"]["rowreel"]

    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert {name: f"./{name}" for name in service["secrets"]} == {
        name: one["file"] for name, one in said["secrets"].items()
    }
    assert {value for value in service["environment"].values() if value.startswith("/run/secrets/")} == {
        f"/run/secrets/{name}" for name in service["secrets"]
    }
    assert_settings(service["environment"])
    assert [one for one in service["volumes"] if not one.endswith(":ro")] == ["state:/state"]
    assert (
        int(service["stop_grace_period"].rstrip("s"))
        > SECONDS_TO_LEAVE + Settings.model_fields["zvid"].default.timeout_seconds
    )


# -- systemd ------------------------------------------------------------------------


def test_the_example_environment_names_every_secret():
    """And nothing else: no value is anybody's, and an empty one counts as not set."""
    lines = (DEPLOY / "rowreel.example.env").read_text(encoding="utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert set(said) == {"ZVID_API_KEY", SIGNED_WITH, *NOTIFY_SECRETS.values(), *BUCKET_KEY}
    assert set(said.values()) == {""}


def test_the_unit_runs_one_robot_as_a_user_of_its_own(tmp_path: Path):
    """A command of ours, its state where the settings its first lines ask for put the journal, and no rights."""
    text = (DEPLOY / "rowreel.service").read_text(encoding="utf-8")
    said = unit()
    asked = dict(re.findall(r'(\w+\.\w+) = ("[^"]+")', text))
    parts = [
        f"[{name.partition('.')[0]}]\n{name.partition('.')[2]} = {value}" for name, value in asked.items()
    ]
    (tmp_path / "bot.toml").write_text("\n".join([*parts, '[[sheets]]\nspreadsheet = "x"']))

    settings = load_settings(tmp_path / "bot.toml")

    program, *words = said["ExecStart"][0].split()
    assert program.endswith("/bin/rowreel")
    assert_is_a_command(words)
    assert f"--config {words[-1]}" in text.partition("[Unit]")[0]
    assert settings.journal_path.parent == Path("/var/lib") / said["StateDirectory"][0]
    assert (
        str(settings.zvid.key_file)
        in re.search(r"install -m 640 -g rowreel (.*) /etc/rowreel/", text)[1].split()
    )
    assert (said["User"], said["ProtectSystem"]) == (["rowreel"], ["strict"])
    assert said["CapabilityBoundingSet"] == [""]


# -- kubernetes -----------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.33", kubernetes_validate.latest_version()])
def test_the_manifest_is_what_kubernetes_takes(version: str):
    """Its published schemas have nothing to say against any object, and know every key."""
    for one in kubernetes().values():
        kubernetes_validate.validate(one, version, strict=True)


def test_there_is_only_ever_one_robot():
    """One replica, and the old one is gone before the new one starts."""
    said = kubernetes()["Deployment"]["spec"]

    assert (said["replicas"], said["strategy"]) == (1, {"type": "Recreate"})
    assert kubernetes()["PersistentVolumeClaim"]["spec"]["accessModes"] == ["ReadWriteOnce"]


def test_the_pod_has_no_rights():
    """Nobody's user, read-only, no capability, the usual filter of system calls, no account in the cluster."""
    [container] = pod()["containers"]

    assert pod()["securityContext"]["runAsNonRoot"]
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not pod()["automountServiceAccountToken"]
    assert pod()["terminationGracePeriodSeconds"] > SECONDS_TO_LEAVE + 30


def test_the_pod_is_probed_where_the_robot_answers():
    """Liveness is /healthz, readiness /readyz, asked inside the container where the robot listens by default."""
    [container] = pod()["containers"]
    place = Settings.model_fields["watch"].default.listen

    for name, path in (("startup", "/healthz"), ("liveness", "/healthz"), ("readiness", "/readyz")):
        python, option, program = container[f"{name}Probe"]["exec"]["command"]
        assert (python, option) == ("python", "-c")
        assert f"'http://{place}{path}'" in program
        assert path in WATCHED
    assert "ROWREEL_WATCH__LISTEN" not in {one["name"] for one in container["env"]}


def test_the_pods_settings_and_secrets_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the config map says loads, with the variables of the pod; secrets are where these point to."""
    [container] = pod()["containers"]
    variables = {one["name"]: one["value"] for one in container["env"]}
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    (tmp_path / "bot.toml").write_text(kubernetes()["ConfigMap"]["data"]["bot.toml"])
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    settings = load_settings(tmp_path / "bot.toml")

    assert_settings(variables)
    assert_is_a_command(container["args"])
    assert settings.google.credentials == f"{mounts['secrets']}/service-account.json"
    assert str(settings.zvid.key_file) == f"{mounts['secrets']}/zvid-key"
    assert mounts["state"] == "/state"
    assert {one["name"] for one in pod()["volumes"]} == set(mounts)
