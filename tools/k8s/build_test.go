package k8s

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// manifests is where the manifests are.
const manifests = "../../k8s"

// built are the objects of one kustomization, each decoded strictly.
type built struct {
	deployments     []apps.Deployment
	services        []core.Service
	configMaps      []core.ConfigMap
	networkPolicies []networking.NetworkPolicy
	budgets         []policy.PodDisruptionBudget
	podMonitors     []monitoring.PodMonitor
	alerts          []monitoring.PrometheusRule
}

// build renders a folder and decodes what comes out. A field that its API type does not have is an error.
func build(t *testing.T, folder string) *built {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	b := &built{}
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		if err := b.decode(resource.GetApiVersion()+" "+resource.GetKind(), text); err != nil {
			t.Errorf("%s %s: %v", resource.GetKind(), resource.GetName(), err)
		}
		if resource.GetNamespace() != "" {
			t.Errorf("%s %s names a namespace", resource.GetKind(), resource.GetName())
		}
	}
	if resources.Size() == 0 {
		t.Fatalf("%s renders nothing", folder)
	}
	return b
}

func (b *built) decode(kind string, text []byte) error {
	switch kind {
	case "apps/v1 Deployment":
		return strictly(text, &b.deployments)
	case "v1 Service":
		return strictly(text, &b.services)
	case "v1 ConfigMap":
		return strictly(text, &b.configMaps)
	case "networking.k8s.io/v1 NetworkPolicy":
		return strictly(text, &b.networkPolicies)
	case "policy/v1 PodDisruptionBudget":
		return strictly(text, &b.budgets)
	case "monitoring.coreos.com/v1 PodMonitor":
		return strictly(text, &b.podMonitors)
	case "monitoring.coreos.com/v1 PrometheusRule":
		return strictly(text, &b.alerts)
	}
	return fmt.Errorf("%s is not known to this test", kind)
}

func strictly[T any](text []byte, to *[]T) error {
	var object T
	if err := yaml.UnmarshalStrict(text, &object); err != nil {
		return err
	}
	*to = append(*to, object)
	return nil
}

// folders are all kustomizations under the manifests, components excepted.
func folders(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(manifests, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.Name() != "kustomization.yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var header struct {
			Kind string `json:"kind"`
		}
		if err := yaml.Unmarshal(text, &header); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if header.Kind == "Kustomization" {
			found = append(found, filepath.Dir(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"base", "overlays/demo", "overlays/prod", "monitoring"} {
		if !slices.Contains(found, filepath.Join(manifests, want)) {
			t.Fatalf("no kustomization in %s; found %v", want, found)
		}
	}
	return found
}
