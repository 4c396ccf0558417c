{{- define "fettle.name" -}}
{{- if contains "fettle" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-fettle" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "fettle.selector" -}}
app.kubernetes.io/name: fettle
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "fettle.labels" -}}
{{ include "fettle.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "fettle.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag }}{{ end }}
{{- end }}

{{- /* It talks to the API server only when it reads runs, checks tokens or runs previews. */ -}}
{{- define "fettle.usesCluster" -}}
{{- if or .Values.cluster.namespaces .Values.reportFailure.tokenReview .Values.previews.enabled }}yes{{ end }}
{{- end }}
