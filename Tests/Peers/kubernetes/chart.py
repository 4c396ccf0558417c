"""The Helm chart: rendered with Helm's own engine, validated strictly, and checked for what must hold however it is configured."""

import re
import sys

try:
    import helm_python as helm
except Exception as error:  # no wheel for this platform
    print(f"SKIPPED: no Helm engine here ({error})")
    sys.exit(77)
import kubernetes_validate
import yaml

CHART = "deploy/helm/fettle"
SECRET = {"name": "fettle-secrets"}
CASES = {
    "nothing": {},
    "github": {"github": {"appId": 12345, "secret": SECRET}},
    "gitea, model, tekton": {
        "gitea": {"url": "https://git.example.com", "secret": SECRET},
        "llm": {"url": "http://ollama.llm.svc:11434/v1", "model": "qwen2.5-coder:14b", "secret": SECRET},
        "reportFailure": {"tokenReview": True, "repository": "gitea:octo/demo", "allowed": ["gitea:octo/*", "github:octo/demo"]},
        "cluster": {"namespaces": ["ci", "ci-nightly"]},
        "networkPolicy": {"extraEgress": [{"ports": [{"port": 11434, "protocol": "TCP"}]}]},
    },
    "previews": {
        "github": {"appId": 12345, "secret": SECRET},
        "previews": {"enabled": True, "domain": "previews.example.com", "ingressClass": "nginx", "tls": "issuer:letsencrypt",
                     "image": "registry.example.com/{owner}/{repository}:{sha}", "registries": {"name": "registries"}},
    },
    "postgres, three replicas, ingress": {
        "replicas": 3,
        "github": {"url": "https://ghe.example.com/api/v3", "secret": SECRET},
        "database": {"postgres": {"secret": {"name": "fettle-database"}}},
        "reportFailure": {"secret": SECRET, "repository": "github:octo/demo"},
        "ingress": {"enabled": True, "host": "fettle.example.com", "tlsSecret": "fettle-tls", "className": "nginx"},
        "env": {"FETTLE_LOG_LEVEL": "debug"},
        "serviceAccount": {"annotations": {"example.com/role": "x"}},
        "nodeSelector": {"kubernetes.io/os": "linux"}, "podAnnotations": {"a": "b"}, "imagePullSecrets": [{"name": "registry"}],
        "image": {"digest": "sha256:" + "0" * 64},
    },
}
REFUSED = {
    "two processes on one SQLite file": {"replicas": 2},
    "a token and token reviews": {"reportFailure": {"tokenReview": True, "secret": SECRET}},
    "a misspelt value": {"gihub": {}},
    "a repository that is no name": {"reportFailure": {"repository": "octo/demo"}},
    "a namespace with a slash": {"cluster": {"namespaces": ["a/b"]}},
    "previews without a domain": {"previews": {"enabled": True}},
    "an ingress without a host": {"ingress": {"enabled": True}},
    "a setting that is not ours": {"env": {"PATH": "/x"}},
}
VERSIONS = ["1.25", "1.29", "1.33", "1.37"]


def documents(values, release="fettle", namespace="tools"):
    with helm.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        rendered = chart.render(values, name=release, namespace=namespace)
    texts = [text for name, text in sorted(rendered.items()) if name.endswith(".yaml")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


def settings_of_readme():
    return set(re.findall(r"`(FETTLE_[A-Z_]+)`", open("README.md").read()))


def check(name, found):
    by_kind = {}
    for document in found:
        by_kind.setdefault(document["kind"], []).append(document)
        assert document["kind"] not in ("Secret",), f"{name}: the chart makes a Secret"
    pod = by_kind["Deployment"][0]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}, name
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] == "http", f"{name}: {probe}"
    mounts, volumes = {m["name"] for m in container["volumeMounts"]}, {v["name"] for v in pod["volumes"]}
    assert mounts == volumes, f"{name}: {mounts ^ volumes}"
    known = settings_of_readme()
    for variable in container["env"]:
        base = variable["name"].removesuffix("_FILE")
        assert base in known or variable["name"] in known, f"{name}: {variable['name']} is no setting of ours"
        if re.search("TOKEN|SECRET|KEY|REGISTRIES", variable["name"]) and not variable["name"].endswith(("_FILE", "_TOKEN_REVIEW")):
            assert "valueFrom" in variable, f"{name}: {variable['name']} is a value"
    for role in by_kind.get("Role", []) + by_kind.get("ClusterRole", []):
        for rule in role["rules"]:
            assert "*" not in rule["verbs"] + rule["resources"] + rule["apiGroups"], name
            writes = set(rule["verbs"]) - {"get", "list"}
            assert not writes or rule["resources"] == ["tokenreviews"] or name == "previews", f"{name}: {rule}"
            if "bind" in writes:
                assert len(rule["resourceNames"]) == 1, f"{name}: it may bind one role only"
    uses = bool(by_kind.get("Role") or by_kind.get("ClusterRole"))
    assert pod["automountServiceAccountToken"] is uses, f"{name}: a token is mounted only where it is used"
    # The role that writes is bound by Fettle itself, in namespaces of its own only.
    everywhere = {b["roleRef"]["name"] for b in by_kind.get("ClusterRoleBinding", [])}
    for role in by_kind.get("ClusterRole", []):
        if any("deployments" in rule["resources"] for rule in role["rules"]):
            assert role["metadata"]["name"] not in everywhere, f"{name}: it may write everywhere"
    bound = {(b["metadata"].get("namespace"), b["roleRef"]["name"]) for b in by_kind.get("RoleBinding", [])}
    assert bound == {(r["metadata"]["namespace"], r["metadata"]["name"]) for r in by_kind.get("Role", [])}
    assert by_kind["NetworkPolicy"][0]["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert ("PersistentVolumeClaim" in by_kind) is (name != "postgres, three replicas, ingress")


def main():
    report = helm.lint(CHART)
    assert "[ERROR]" not in str(report), report
    count = 0
    for name, values in CASES.items():
        found = documents(values)
        check(name, found)
        for version in VERSIONS:
            for document in found:
                kubernetes_validate.validate(document, version, strict=True)
                count += 1
    for name, values in REFUSED.items():
        try:
            documents(values)
        except helm.HelmError:
            continue
        raise AssertionError(f"{name} was rendered")
    long = documents({"github": {"secret": SECRET}}, release="a-very-long-release-name-that-somebody-chose-for-it")
    assert all(len(d["metadata"]["name"]) <= 63 for d in long)
    # The validator itself must be able to say no.
    wrong = documents({})
    wrong[0]["spec"] = {"nonsense": True}
    try:
        kubernetes_validate.validate(dict(wrong[0], kind="Service", apiVersion="v1"), VERSIONS[-1], strict=True)
    except kubernetes_validate.ValidationError:
        pass
    else:
        raise AssertionError("the validator takes anything")
    print(f"chart: {len(CASES)} configurations, {count} validations over {len(VERSIONS)} versions, {len(REFUSED)} refused as they should be")


main()
