//! The manifests for Kubernetes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::tools;
use crate::{accepted_by_production, variables, yaml};

/// Every object of the manifests.
fn objects() -> Option<Vec<Value>> {
    let list = yaml("kubernetes/kustomization.yaml")?;
    let files = list[0]["resources"].as_array().unwrap();
    let named = files.iter().map(|file| file.as_str().unwrap());
    named
        .map(|file| yaml(&format!("kubernetes/{file}")))
        .collect::<Option<Vec<_>>>()
        .map(|documents| documents.concat())
}

fn one<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let found = objects
        .iter()
        .find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("{kind} {name}"))
}

/// The pods that the manifests ask for: of the service, and of the jobs that look after it.
fn pods(objects: &[Value]) -> Vec<&Value> {
    let service = &one(objects, "Deployment", "segell")["spec"]["template"];
    let jobs = objects.iter().filter(|object| object["kind"] == "CronJob");
    jobs.map(|job| &job["spec"]["jobTemplate"]["spec"]["template"])
        .chain([service])
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn the_settings_are_accepted_by_production_and_their_files_are_mounted() {
    let Some(objects) = objects() else { return };
    let said = variables(&one(&objects, "ConfigMap", "segell-settings")["data"]);
    let settings = accepted_by_production(&said);
    let keys = &one(&objects, "Secret", "segell-keys")["stringData"];
    let files = [
        settings.codes.keys_file.unwrap(),
        settings.access.factor_keys_file.unwrap(),
        settings.audit.keys_file.unwrap(),
        settings.applications.file.unwrap(),
        said["AWS_SHARED_CREDENTIALS_FILE"].clone().into(),
    ];
    for file in files {
        let name = file.strip_prefix("/etc/segell/keys").unwrap();
        assert!(keys[name.to_str().unwrap()].is_string(), "{name:?}");
    }
    let folders = [settings.organs.folder, settings.trust.seals]
        .into_iter()
        .chain(settings.trust.timestamps);
    let audit = settings.audit.folder.unwrap();
    let log = audit.parent().unwrap().display().to_string();
    let folders: Vec<String> = folders.map(|path| path.display().to_string()).collect();
    for pod in pods(&objects) {
        let container = &pod["spec"]["containers"][0];
        let source = &container["envFrom"][0]["configMapRef"]["name"];
        assert_eq!(source, "segell-settings");
        let mounts = list(&container["volumeMounts"]);
        for folder in &folders {
            assert!(mounts.iter().any(|mount| mount["mountPath"] == **folder));
        }
        // The audit log is written beside the archive: somewhere that is not the image.
        let written = mounts.iter().find(|mount| mount["mountPath"] == *log);
        assert_ne!(written.unwrap()["readOnly"], true);
        // Each mount has its volume, each volume its object.
        for mount in mounts {
            let volumes = list(&pod["spec"]["volumes"]);
            let volume = volumes
                .iter()
                .find(|volume| volume["name"] == mount["name"]);
            let volume = volume.unwrap_or_else(|| panic!("{mount}"));
            match volume["secret"]["secretName"].as_str() {
                Some(name) => {
                    one(&objects, "Secret", name);
                    assert_eq!(volume["secret"]["defaultMode"], 0o440, "{name}");
                }
                None if mount["mountPath"] == *log => assert!(volume["emptyDir"].is_object()),
                None => {
                    let name = volume["configMap"]["name"].as_str().unwrap();
                    one(&objects, "ConfigMap", name);
                }
            }
        }
    }
}

#[test]
fn no_secret_is_written_into_the_manifests() {
    let Some(objects) = objects() else { return };
    for object in objects.iter().filter(|object| object["kind"] == "Secret") {
        assert_eq!(object["data"].as_object().map_or(0, |data| data.len()), 0);
        for (name, value) in object["stringData"].as_object().into_iter().flatten() {
            let lines = value.as_str().unwrap().lines();
            let said = lines.filter(|line| !line.starts_with('[') && !line.ends_with('='));
            assert_eq!(said.count(), 0, "{name}");
        }
    }
}

#[test]
fn every_pod_is_confined() {
    let Some(objects) = objects() else { return };
    let pods = pods(&objects);
    assert_eq!(pods.len(), 3);
    for pod in pods {
        let (pod, container) = (&pod["spec"], &pod["spec"]["containers"][0]);
        assert_eq!(pod["automountServiceAccountToken"], false);
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(pod["securityContext"]["runAsUser"], 10001);
        assert_eq!(
            pod["securityContext"]["seccompProfile"]["type"],
            "RuntimeDefault"
        );
        let context = &container["securityContext"];
        assert_eq!(context["allowPrivilegeEscalation"], false);
        assert_eq!(context["readOnlyRootFilesystem"], true);
        assert_eq!(context["capabilities"]["drop"][0], "ALL");
        assert!(container["resources"]["limits"]["memory"].is_string());
    }
}

#[test]
fn probes_ports_and_policies_are_those_of_the_listeners() {
    let Some(objects) = objects() else { return };
    let said = variables(&one(&objects, "ConfigMap", "segell-settings")["data"]);
    let server = accepted_by_production(&said).server;
    let deployment = &one(&objects, "Deployment", "segell")["spec"];
    assert!(deployment["replicas"].as_u64() >= Some(2));
    let pod = &deployment["template"]["spec"];
    let container = &pod["containers"][0];
    let port = |name: &str| {
        let ports = list(&container["ports"]);
        let found = ports.iter().find(|port| port["name"] == name);
        found.unwrap()["containerPort"].as_u64().unwrap()
    };
    assert_eq!(port("http"), u64::from(server.bind.port()));
    assert_eq!(port("operations"), u64::from(server.operations_bind.port()));
    for (probe, path) in [
        ("startupProbe", "/livez"),
        ("livenessProbe", "/livez"),
        ("readinessProbe", "/readyz"),
    ] {
        let asked = &container[probe]["httpGet"];
        assert_eq!(asked["path"], path, "{probe}");
        assert_eq!(asked["port"], "operations", "{probe}");
    }
    let grace = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
    let pause = list(&container["lifecycle"]["preStop"]["exec"]["command"]);
    let pause: u64 = pause[1].as_str().unwrap().parse().unwrap();
    assert!(grace > server.shutdown_seconds + pause);

    // Citizens reach the service and never the operations port.
    let service = &one(&objects, "Service", "segell")["spec"];
    assert_eq!(list(&service["ports"]).len(), 1);
    assert_eq!(service["ports"][0]["targetPort"], "http");
    let labels = &deployment["template"]["metadata"]["labels"];
    for selector in [
        &service["selector"],
        &deployment["selector"]["matchLabels"],
        &one(&objects, "PodDisruptionBudget", "segell")["spec"]["selector"]["matchLabels"],
    ] {
        assert_eq!(selector, labels);
    }
    let policy = &one(&objects, "NetworkPolicy", "segell")["spec"];
    let open: BTreeSet<u64> = list(&policy["ingress"])
        .iter()
        .flat_map(|rule| list(&rule["ports"]))
        .filter_map(|port| port["port"].as_u64())
        .collect();
    let expected = [server.bind, server.operations_bind].map(|a| u64::from(a.port()));
    assert_eq!(open, expected.into());
}

#[test]
fn copies_are_preserved_and_the_archive_is_checked_by_themselves() {
    let Some(objects) = objects() else { return };
    for (name, command) in [
        ("segell-preserve", &["preserve"][..]),
        ("segell-archive-check", &["archive", "check"]),
    ] {
        let job = &one(&objects, "CronJob", name)["spec"];
        assert_eq!(job["concurrencyPolicy"], "Forbid", "{name}");
        let pod = &job["jobTemplate"]["spec"]["template"];
        let said = list(&pod["spec"]["containers"][0]["args"]);
        let said: Vec<&str> = said.iter().filter_map(Value::as_str).collect();
        assert!(said.starts_with(command), "{name}: {said:?}");
        // They are no part of the service: nobody is sent to them.
        let component = &pod["metadata"]["labels"]["app.kubernetes.io/component"];
        assert_eq!(component, "maintenance");
    }
}

#[test]
fn kustomize_puts_the_manifests_together() {
    // Not among the tools that the tests need: a check where it is at hand.
    if tools::run("kubectl", ["version", "--client"]).is_err() {
        return;
    }
    let folder = crate::support::root().join("config/deploy/kubernetes");
    let folder = folder.display().to_string();
    let made = tools::text_of("kubectl", ["kustomize", &folder]).expect("manifests");
    assert!(made.contains("image: registry.example/segell:"), "{made}");
    assert!(made.contains("namespace: segell"));
}
