/// Every rule, errors first, in the order of the documentation.
package enum RuleRegistry {
    static let rules: [any WorkflowRule.Type] = [
        YAMLSyntaxRule.self, YAMLAnchorRule.self, DuplicateKeyRule.self, StructureRule.self, ExpressionRule.self, IfConditionRule.self,
        EventsRule.self, GlobRule.self, JobNeedsRule.self, MatrixRule.self, IDRule.self, RunnerLabelRule.self, ShellNameRule.self,
        EnvironmentNameRule.self, PermissionsRule.self, CredentialsRule.self, DeprecatedCommandsRule.self, ActionRule.self,
        ReusableCallRule.self, ShellLanguageRule.self, PythonNameRule.self,
        TemplateInjectionRule.self, DangerousTriggerRule.self, UnpinnedUsesRule.self, ExcessivePermissionsRule.self,
        PersistedCredentialsRule.self, SecretsExposureRule.self, SecretsInEnvironmentRule.self, InsecureCommandsRule.self,
        EnvironmentFileRule.self, CachePoisoningRule.self, SelfHostedRunnerRule.self, BotConditionRule.self, UnsoundContainsRule.self,
        MissingTimeoutRule.self, ShellDownloadRule.self,
    ]

    /// Name, severity and summary of every rule, for reports and documentation.
    package static let catalogue: [(id: String, severity: WorkflowDiagnostic.Severity, summary: String)] =
        rules.map { ($0.id, $0.severity, $0.summary) } + [("action-metadata", .error, ActionMetadataReader.summary)]
}
