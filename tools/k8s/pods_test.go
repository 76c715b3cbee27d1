package k8s

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"stanch/configs"
)

// proxyLabel is on every pod that stanch runs in.
const proxyLabel = "stanch"

// nonroot is the user that stanch runs as.
const nonroot = 65532

func TestEveryKustomization(t *testing.T) {
	pods := 0
	for _, folder := range folders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			b := build(t, folder)
			for i := range b.deployments {
				if b.deployments[i].Spec.Template.Labels[proxyLabel] == "true" {
					pods++
					checkPod(t, b, &b.deployments[i].Spec.Template)
				}
			}
			checkSelectors(t, b)
		})
	}
	if pods < 3 {
		t.Errorf("only %d pods with stanch in them", pods)
	}
}

// proxyContainer finds stanch in a pod: as a container or as a native sidecar.
func proxyContainer(t *testing.T, pod *core.PodSpec) (container *core.Container, sidecar bool) {
	t.Helper()
	isProxy := func(c core.Container) bool { return c.Name == "stanch" }
	if i := slices.IndexFunc(pod.InitContainers, isProxy); i >= 0 {
		c := &pod.InitContainers[i]
		if c.RestartPolicy == nil || *c.RestartPolicy != core.ContainerRestartPolicyAlways {
			t.Error("the sidecar is not a native one: restartPolicy is not Always, so that the application would never start")
		}
		return c, true
	}
	i := slices.IndexFunc(pod.Containers, isProxy)
	if i < 0 {
		t.Fatal("no container stanch")
	}
	return &pod.Containers[i], false
}

func checkPod(t *testing.T, b *built, template *core.PodTemplateSpec) {
	t.Helper()
	pod := &template.Spec
	container, sidecar := proxyContainer(t, pod)
	checkSecurity(t, pod, container, sidecar)
	checkProbes(t, container)
	config := checkConfig(t, b, pod, container)
	checkResources(t, container, config)
	if !sidecar && (container.Lifecycle == nil || container.Lifecycle.PreStop == nil || container.Lifecycle.PreStop.Sleep == nil ||
		float64(container.Lifecycle.PreStop.Sleep.Seconds)+config.Server.Drain.Seconds() >= float64(*pod.TerminationGracePeriodSeconds)) {
		t.Error("the grace period does not cover the wait for endpoints and the drain")
	}
}

func checkSecurity(t *testing.T, pod *core.PodSpec, c *core.Container, sidecar bool) {
	t.Helper()
	s := c.SecurityContext
	if s == nil || s.Capabilities == nil || !slices.Equal(s.Capabilities.Drop, []core.Capability{"ALL"}) || len(s.Capabilities.Add) != 0 ||
		s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem {
		t.Fatalf("the container may do too much: %+v", s)
	}
	user, nonRoot, profile := s.RunAsUser, s.RunAsNonRoot, s.SeccompProfile
	if !sidecar { // the pod is ours
		user, nonRoot, profile = pod.SecurityContext.RunAsUser, pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile
		if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
			t.Error("the pod has a token of the API server")
		}
	}
	if user == nil || *user != nonroot || nonRoot == nil || !*nonRoot || profile == nil || profile.Type != core.SeccompProfileTypeRuntimeDefault {
		t.Errorf("user %v, nonroot %v, seccomp %v", user, nonRoot, profile)
	}
	if pod.HostNetwork || pod.HostPID || pod.HostIPC {
		t.Error("the pod shares namespaces of the host")
	}
}

func checkProbes(t *testing.T, c *core.Container) {
	t.Helper()
	for _, probe := range []struct {
		name, path string
		probe      *core.Probe
	}{{"startup", "/readyz", c.StartupProbe}, {"readiness", "/readyz", c.ReadinessProbe}, {"liveness", "/livez", c.LivenessProbe}} {
		if probe.probe == nil || probe.probe.HTTPGet == nil || probe.probe.HTTPGet.Path != probe.path || probe.probe.HTTPGet.Port.String() != "admin" {
			t.Errorf("%s probe: %+v", probe.name, probe.probe)
		}
	}
}

// checkConfig reads the configuration that the container is given, and holds its ports and folders against the manifest.
func checkConfig(t *testing.T, b *built, pod *core.PodSpec, c *core.Container) *configs.Config {
	t.Helper()
	if want := []string{"serve", "--config", "/etc/stanch/stanch.toml"}; !slices.Equal(c.Args, want) {
		t.Fatalf("args %q, want %q", c.Args, want)
	}
	mounted := func(path string) *core.Volume {
		i := slices.IndexFunc(c.VolumeMounts, func(m core.VolumeMount) bool { return m.MountPath == path && m.SubPath == "" })
		if i < 0 {
			t.Fatalf("nothing is mounted at %s, or a subPath, which is never updated", path)
		}
		v := slices.IndexFunc(pod.Volumes, func(v core.Volume) bool { return v.Name == c.VolumeMounts[i].Name })
		if v < 0 {
			t.Fatalf("no volume %s", c.VolumeMounts[i].Name)
		}
		return &pod.Volumes[v]
	}
	volume := mounted("/etc/stanch")
	if volume.ConfigMap == nil {
		t.Fatal("the configuration is no ConfigMap")
	}
	m := slices.IndexFunc(b.configMaps, func(m core.ConfigMap) bool { return m.Name == volume.ConfigMap.Name })
	if m < 0 {
		t.Fatalf("no ConfigMap %s", volume.ConfigMap.Name)
	}
	config, err := configs.Parse("stanch.toml", []byte(b.configMaps[m].Data["stanch.toml"]))
	if err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"stanch": config.Server.Listen, "admin": config.Server.Admin} {
		i := slices.IndexFunc(c.Ports, func(p core.ContainerPort) bool { return p.Name == name })
		if i < 0 || !strings.HasSuffix(address, fmt.Sprintf(":%d", c.Ports[i].ContainerPort)) || strings.HasPrefix(address, "127.") {
			t.Errorf("port %s: %+v, the configuration says %s", name, c.Ports, address)
		}
	}
	spool := mounted(config.Inspect.Spool)
	if spool.EmptyDir == nil || spool.EmptyDir.SizeLimit == nil || spool.EmptyDir.SizeLimit.Value() < config.Inspect.MaxDocument {
		t.Errorf("spool: %+v", spool.VolumeSource)
	}
	return config
}

// checkResources wants memory for bodies below the aim of the garbage collector, and that below the limit.
func checkResources(t *testing.T, c *core.Container, config *configs.Config) {
	t.Helper()
	request, limit := c.Resources.Requests.Memory().Value(), c.Resources.Limits.Memory().Value()
	if config.Inspect.Memory >= request || request >= limit || c.Resources.Requests.Cpu().IsZero() {
		t.Errorf("memory: %d for bodies, %d requested, %d allowed", config.Inspect.Memory, request, limit)
	}
	i := slices.IndexFunc(c.Env, func(e core.EnvVar) bool { return e.Name == "GOMEMLIMIT" })
	if i < 0 || c.Env[i].ValueFrom == nil || c.Env[i].ValueFrom.ResourceFieldRef == nil || c.Env[i].ValueFrom.ResourceFieldRef.Resource != "requests.memory" {
		t.Errorf("GOMEMLIMIT: %+v", c.Env)
	}
}

// checkSelectors: whatever selects pods selects some, and Services lead to stanch.
func checkSelectors(t *testing.T, b *built) {
	t.Helper()
	if len(b.deployments) == 0 {
		return
	}
	selects := func(what string, selector *meta.LabelSelector) {
		t.Helper()
		s, err := meta.LabelSelectorAsSelector(selector)
		if err != nil || s.Empty() || !slices.ContainsFunc(b.deployments, func(d apps.Deployment) bool { return s.Matches(labels.Set(d.Spec.Template.Labels)) }) {
			t.Errorf("%s selects no pod here: %v (%v)", what, selector, err)
		}
	}
	for i := range b.deployments {
		selects("Deployment "+b.deployments[i].Name, b.deployments[i].Spec.Selector)
	}
	for i := range b.services {
		service := &b.services[i]
		selects("Service "+service.Name, &meta.LabelSelector{MatchLabels: service.Spec.Selector})
		if port := service.Spec.Ports[0].TargetPort.String(); port != "stanch" && port != "8080" {
			t.Errorf("Service %s leads past stanch, to %s", service.Name, service.Spec.Ports[0].TargetPort.String())
		}
	}
	for i := range b.budgets {
		selects("PodDisruptionBudget "+b.budgets[i].Name, b.budgets[i].Spec.Selector)
	}
	for i := range b.podMonitors {
		selects("PodMonitor "+b.podMonitors[i].Name, &b.podMonitors[i].Spec.Selector)
	}
	if !slices.ContainsFunc(b.networkPolicies, func(p networking.NetworkPolicy) bool { return guardsAdmin(&p) }) {
		t.Error("no NetworkPolicy keeps others from the admin port")
	}
}

// guardsAdmin: the policy selects stanch's pods, and lets nobody but the monitoring namespace to the admin port.
func guardsAdmin(p *networking.NetworkPolicy) bool {
	if p.Spec.PodSelector.MatchLabels[proxyLabel] != "true" || !slices.Contains(p.Spec.PolicyTypes, networking.PolicyTypeIngress) {
		return false
	}
	guarded := false
	for _, rule := range p.Spec.Ingress {
		if len(rule.Ports) == 0 {
			return false // every port
		}
		for _, port := range rule.Ports {
			if name := port.Port.String(); name == "admin" || name == "9901" {
				guarded = len(rule.From) == 1 && rule.From[0].NamespaceSelector != nil && len(rule.From[0].NamespaceSelector.MatchLabels) == 1
			}
		}
	}
	return guarded
}
