package k8s

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	core "k8s.io/api/core/v1"
)

// strangers are Deployments of other people, as different as they come.
var strangers = map[string]string{
	"plain": `
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers: [{name: app, image: app}]
---
apiVersion: v1
kind: Service
metadata: {name: app}
spec: {selector: {app: app}, ports: [{port: 80, targetPort: 8081}]}
`,
	"crowded": `
apiVersion: apps/v1
kind: Deployment
metadata: {name: crowded}
spec:
  selector: {matchLabels: {app: crowded}}
  template:
    metadata: {labels: {app: crowded}, annotations: {a: b}}
    spec:
      serviceAccountName: crowded
      initContainers: [{name: migrate, image: app, command: [migrate]}]
      containers:
        - {name: app, image: app, env: [{name: A, value: b}], volumeMounts: [{name: data, mountPath: /data}]}
        - {name: worker, image: app}
      volumes: [{name: data, emptyDir: {}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: second}
spec:
  selector: {matchLabels: {app: second}}
  template:
    metadata: {labels: {app: second}}
    spec:
      containers: [{name: app, image: app}]
`,
}

// TestSidecarBeforeAnyDeployment puts the component before Deployments that know nothing of it.
func TestSidecarBeforeAnyDeployment(t *testing.T) {
	component, err := filepath.Abs(filepath.Join(manifests, "components/sidecar"))
	if err != nil {
		t.Fatal(err)
	}
	for name, resources := range strangers {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			relative, err := filepath.Rel(resolved(t, folder), resolved(t, component))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(folder, "app.yaml"), resources)
			write(t, filepath.Join(folder, "kustomization.yaml"), "resources: [app.yaml]\ncomponents: ["+relative+"]\n")
			b := build(t, folder)
			for i := range b.deployments {
				template := &b.deployments[i].Spec.Template
				checkPod(t, b, template)
				if !slices.ContainsFunc(template.Spec.Containers, func(c core.Container) bool { return c.Name == "app" }) {
					t.Errorf("%s lost its own container", b.deployments[i].Name)
				}
				if template.Labels["app"] != b.deployments[i].Name {
					t.Errorf("%s lost its labels: %v", b.deployments[i].Name, template.Labels)
				}
			}
			checkSelectors(t, b)
			if name == "crowded" {
				spec := b.deployments[0].Spec.Template.Spec
				if len(spec.InitContainers) != 2 || len(spec.Containers) != 2 || len(spec.Volumes) != 3 || len(b.deployments) != 2 {
					t.Errorf("%d init containers, %d containers, %d volumes, %d deployments", len(spec.InitContainers), len(spec.Containers), len(spec.Volumes), len(b.deployments))
				}
			}
		})
	}
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
