{{- /* The settings, each once; secrets as files or references, never as values. */ -}}
{{- define "fettle.env" -}}
- name: FETTLE_LISTEN
  value: 0.0.0.0:8080
- name: FETTLE_DATABASE
  {{- with .Values.database.postgres.secret }}
  {{- if .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .url }}
  {{- else }}
  value: sqlite:/data/fettle.sqlite
  {{- end }}
  {{- end }}
{{- with .Values.github }}
{{- if .url }}
- name: FETTLE_GITHUB_URL
  value: {{ .url | quote }}
{{- end }}
{{- if .secret.name }}
- name: FETTLE_GITHUB_WEBHOOK_SECRET_FILE
  value: /run/secrets/github/{{ .secret.webhookSecret }}
{{- if .appId }}
- name: FETTLE_GITHUB_APP_ID
  value: {{ .appId | toString | quote }}
- name: FETTLE_GITHUB_PRIVATE_KEY_FILE
  value: /run/secrets/github/{{ .secret.privateKey }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.gitea }}
{{- if .url }}
- name: FETTLE_GITEA_URL
  value: {{ .url | quote }}
{{- end }}
{{- if .secret.name }}
- name: FETTLE_GITEA_TOKEN_FILE
  value: /run/secrets/gitea/{{ .secret.token }}
- name: FETTLE_GITEA_WEBHOOK_SECRET_FILE
  value: /run/secrets/gitea/{{ .secret.webhookSecret }}
{{- end }}
{{- end }}
{{- with .Values.llm }}
{{- if .url }}
- name: FETTLE_LLM_URL
  value: {{ .url | quote }}
{{- end }}
{{- if .model }}
- name: FETTLE_LLM_MODEL
  value: {{ .model | quote }}
{{- end }}
{{- if .secret.name }}
- name: FETTLE_LLM_API_KEY_FILE
  value: /run/secrets/llm/{{ .secret.apiKey }}
{{- end }}
{{- end }}
{{- with .Values.reportFailure }}
{{- if .secret.name }}
- name: FETTLE_REPORT_FAILURE_TOKEN_FILE
  value: /run/secrets/report-failure/{{ .secret.token }}
{{- end }}
{{- if .tokenReview }}
- name: FETTLE_REPORT_FAILURE_TOKEN_REVIEW
  value: "true"
{{- end }}
{{- if .repository }}
- name: FETTLE_REPORT_FAILURE_REPOSITORY
  value: {{ .repository | quote }}
{{- end }}
{{- if .allowed }}
- name: FETTLE_REPORT_FAILURE_ALLOWED
  value: {{ join "," .allowed | quote }}
{{- end }}
{{- end }}
{{- if include "fettle.usesCluster" . }}
- name: FETTLE_KUBERNETES
  value: in-cluster
{{- end }}
{{- with .Values.previews }}
{{- if .enabled }}
- name: FETTLE_PREVIEW_KUBERNETES
  value: "true"
- name: FETTLE_PREVIEW_FOLDER
  value: /tmp/previews
- name: FETTLE_PREVIEW_DOMAIN
  value: {{ required "previews.domain: a domain whose wildcard record leads to the ingress controller" .domain | quote }}
{{- if .image }}
- name: FETTLE_PREVIEW_IMAGE
  value: {{ .image | quote }}
{{- end }}
{{- if .registries.name }}
- name: FETTLE_PREVIEW_REGISTRIES
  valueFrom:
    secretKeyRef:
      name: {{ .registries.name }}
      key: {{ .registries.key }}
{{- end }}
{{- if .ingressClass }}
- name: FETTLE_PREVIEW_INGRESS_CLASS
  value: {{ .ingressClass | quote }}
{{- end }}
- name: FETTLE_PREVIEW_INGRESS_NAMESPACE
  value: {{ .ingressNamespace | quote }}
- name: FETTLE_PREVIEW_TLS
  value: {{ .tls | quote }}
- name: FETTLE_PREVIEW_GRANT
  value: {{ printf "%s-%s-preview:%s:%s" $.Release.Namespace (include "fettle.name" $) $.Release.Namespace (include "fettle.name" $) | quote }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
