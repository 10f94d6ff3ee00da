"""The Helm chart: linted and rendered by Helm, held against Kubernetes' schemas, and against what it promises."""

from __future__ import annotations

import io
import json
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import Draft7Validator, RefResolver
from ruamel.yaml import YAML

from settings.table import TABLE
from tests.deploy.helm import HelmRefused, helm
from tests.deploy.test_proxies import NGINX as PROXY
from tests.deploy.test_proxies import OF_RASA, addresses, is_let_out

pytestmark = pytest.mark.slow  # starts Helm's engine
CHART = Path("deploy/helm/ask-qingpu").resolve()
SCHEMAS = Path("var/deploy-tools/kubernetes_validate/kubernetes-json-schema/v1.30.0-local-strict").resolve()
WAYS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "everything on": {
        "authorities": "ask-qingpu-authorities",
        "redis": {"tls": True},
        "rabbitmq": {"tls": True},
        "pullSecrets": [{"name": "registry"}],
        "settings": {"REST_TOKEN": "x", "TURNS_IN_FLIGHT_COUNT": "32"},
        "releases": {"storageClass": "nfs"},
    },
    "by hand": {
        "bot": {"autoscaling": {"enabled": False}},
        "actions": {"autoscaling": {"enabled": False}},
        "ingress": {"enabled": False},
        "networkPolicy": {"enabled": False},
    },
}


@lru_cache
def rendered(way: str) -> tuple[dict[str, Any], ...]:
    """The chart's objects. The engine keeps hooks to itself: the job that migrates is rendered as an ordinary one."""
    with TemporaryDirectory() as folder:
        chart = Path(shutil.copytree(CHART, Path(folder) / "ask-qingpu"))
        job = chart / "templates" / "migrate.yaml"
        job.write_text(job.read_text(encoding="utf-8").replace("helm.sh/hook", "hook"), encoding="utf-8")
        text = helm("helm_template", release_name="ask", chart=str(chart), values=WAYS[way], kube_version="1.30.0")
    return tuple(found for found in YAML(typ="safe").load_all(io.StringIO(text)) if found)


def faults_of(found: dict[str, Any], name: str) -> list[str]:
    """What Kubernetes' schema of a kind says against an object."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    text = (SCHEMAS / "_definitions.json").read_text(encoding="utf-8")
    resolver = RefResolver.from_schema(schema, store={"https://kubernetes.io/api/_definitions.json": json.loads(text)})
    return [fault.message for fault in Draft7Validator(schema, resolver=resolver).iter_errors(found)]


def of_kind(kind: str, way: str = "as it comes") -> dict[str, dict[str, Any]]:
    """Objects of a kind by their name."""
    return {each["metadata"]["name"]: each for each in rendered(way) if each["kind"] == kind}


def pods(way: str = "as it comes") -> dict[str, dict[str, Any]]:
    """The pods of what runs, by the name of what runs them."""
    found = {**of_kind("Deployment", way), **of_kind("Job", way)}
    return {name: each["spec"]["template"]["spec"] for name, each in found.items()}


def test_helm_finds_nothing_to_complain_of() -> None:
    """Strictly; and it would: a chart with a fault is refused."""
    assert json.loads(helm("helm_lint", paths=[str(CHART)], strict=True))["passed"]
    with pytest.raises(HelmRefused):
        helm("helm_template", release_name="ask", chart=str(CHART), values={"image": None})


@pytest.mark.parametrize("way", WAYS)
def test_kubernetes_takes_every_object(way: str) -> None:
    """By its own schemas, in which a field that nobody knows is a fault."""
    assert len(rendered(way)) >= 12
    for each in rendered(way):
        group, _, version = each["apiVersion"].rpartition("/")
        parts = [each["kind"].lower(), *([group.split(".")[0]] if group else []), version]
        faults = faults_of(each, "-".join(parts))
        assert not faults, (each["kind"], each["metadata"]["name"], faults)


def test_the_schemas_notice_a_fault() -> None:
    """The test above could fail."""
    wrong = {**of_kind("Deployment")["ask-bot"], "replicas": 2}
    assert faults_of(wrong, "deployment-apps-v1")


def test_what_runs_is_nobody_and_writes_nowhere() -> None:
    """No root, no writable root, no rights of the cluster; limits on memory; secrets by reference only."""
    assert set(pods()) == {"ask-bot", "ask-actions", "ask-console", "ask-log", "ask-migrate"}
    for name, pod in pods().items():
        assert pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"], name
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] and not rights["allowPrivilegeEscalation"], name
            assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"], name
            assert {"secretRef": {"name": "ask-qingpu"}} in container["envFrom"], name
    assert not of_kind("Secret") and not any(
        TABLE[name].secret for name in of_kind("ConfigMap")["ask-settings"]["data"]
    )


def test_what_serves_is_probed_and_is_never_all_gone() -> None:
    """A new one is ready before an old one stops; a place is left by the old one before it stops."""
    for name in ("ask-bot", "ask-actions"):
        deployment, (container,) = of_kind("Deployment")[name], pods()[name]["containers"]
        assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container) and container["lifecycle"][
            "preStop"
        ]
        assert of_kind("PodDisruptionBudget")[name]["spec"]["maxUnavailable"] == 1
        assert of_kind("HorizontalPodAutoscaler")[name]["spec"]["minReplicas"] >= 2
        assert of_kind("Deployment", "by hand")[name]["spec"]["replicas"] == 2
    assert of_kind("Deployment")["ask-log"]["spec"]["replicas"] == 1  # a turn's events meet in one place
    assert of_kind("Job")["ask-migrate"]["metadata"]["annotations"]["hook"] == "pre-install,pre-upgrade"


def test_nobody_but_the_bot_and_the_monitoring_reaches_the_action_server() -> None:
    """Each process has a policy; residents' ingress comes to the bot and the console only."""
    policies = of_kind("NetworkPolicy")
    assert set(policies) == {"ask-bot", "ask-actions", "ask-console", "ask-log"}
    text = {name: json.dumps(policy["spec"]["ingress"]) for name, policy in policies.items()}
    assert {name for name, allowed in text.items() if "ingress-nginx" in allowed} == {"ask-bot", "ask-console"}
    assert '"app.kubernetes.io/component": "bot"' in text["ask-actions"]


def test_the_ingress_lets_out_what_the_proxy_lets_out() -> None:
    """No address more, none less."""
    (rule,) = of_kind("Ingress")["ask"]["spec"]["rules"]
    paths = [(each["path"], each["pathType"]) for each in rule["http"]["paths"]]

    def passes(address: str) -> bool:
        return any(address == path or (kind == "Prefix" and address.startswith(f"{path}/")) for path, kind in paths)

    for address in addresses() | OF_RASA:
        assert passes(address) == is_let_out(address, PROXY), address


def test_settings_are_settings_of_the_table() -> None:
    """A name that nobody reads would be a promise that nobody keeps."""
    assert set(of_kind("ConfigMap", "everything on")["ask-settings"]["data"]) <= set(TABLE)
