/// Events that start workflows, with their activity types.
///
/// Source: docs.github.com/actions/reference/events-that-trigger-workflows
enum WebhookEvents {
    /// Empty: the event has no activity types.
    static let types: [String: [String]] = {
        let pullRequest = [
            "assigned", "unassigned", "labeled", "unlabeled", "opened", "edited", "closed", "reopened", "synchronize", "converted_to_draft",
            "ready_for_review", "locked", "unlocked", "milestoned", "demilestoned", "review_requested", "review_request_removed",
            "auto_merge_enabled", "auto_merge_disabled", "enqueued", "dequeued",
        ]
        let changes = ["created", "edited", "deleted"]
        return [
            "branch_protection_rule": changes, "check_run": ["created", "rerequested", "completed", "requested_action"],
            "check_suite": ["completed"], "create": [], "delete": [], "deployment": [], "deployment_status": [],
            "discussion": [
                "created", "edited", "deleted", "transferred", "pinned", "unpinned", "labeled", "unlabeled", "locked", "unlocked",
                "category_changed", "answered", "unanswered",
            ],
            "discussion_comment": changes, "fork": [], "gollum": [], "issue_comment": changes,
            "issues": [
                "opened", "edited", "deleted", "transferred", "pinned", "unpinned", "closed", "reopened", "assigned", "unassigned",
                "labeled",
                "unlabeled", "locked", "unlocked", "milestoned", "demilestoned", "typed", "untyped",
            ],
            "label": changes, "merge_group": ["checks_requested"], "milestone": ["created", "closed", "opened", "edited", "deleted"],
            "page_build": [], "project": ["created", "closed", "reopened", "edited", "deleted"],
            "project_card": ["created", "moved", "converted", "edited", "deleted"],
            "project_column": ["created", "updated", "moved", "deleted"],
            "public": [], "pull_request": pullRequest, "pull_request_target": pullRequest,
            "pull_request_review": ["submitted", "edited", "dismissed"], "pull_request_review_comment": changes, "push": [],
            "registry_package": ["published", "updated"],
            "release": ["published", "unpublished", "created", "edited", "deleted", "prereleased", "released"], "status": [],
            "watch": ["started"], "workflow_run": ["completed", "requested", "in_progress"],
        ]
    }()

    /// Events that carry their own keys, or any activity type.
    static let special: Set = ["schedule", "workflow_dispatch", "workflow_call", "repository_dispatch", "image_version"]

    static var names: [String] { (Array(types.keys) + special).sorted() }

    /// Events each filter works for.
    static let filters: [String: [String]] = {
        let branches = ["merge_group", "push", "pull_request", "pull_request_target", "workflow_run"]
        let paths = ["push", "pull_request", "pull_request_target"]
        return [
            "branches": branches, "branches-ignore": branches, "paths": paths, "paths-ignore": paths, "tags": ["push"],
            "tags-ignore": ["push"],
            "workflows": ["workflow_run"],
        ]
    }()
}
