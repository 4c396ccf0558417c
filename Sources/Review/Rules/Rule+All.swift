/// The rules built in. A new one is a file here and a line in this list.
package enum BuiltInRules {
    package static let all: [any Rule] = [
        CommittedSecretRule(),
        MergeConflictMarkerRule(),
        HiddenCharactersRule(),
        UntrustedWorkflowInputRule(),
        PullRequestTargetCheckoutRule(),
        UnpinnedActionRule(),
        BroadWorkflowPermissionsRule(),
        DisabledVerificationRule(),
        BuiltCommandRule(),
        UntestedChangeRule(),
        LargeFileRule(),
        UnlockedDependencyRule(),
    ]
}
