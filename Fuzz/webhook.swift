import Forge
import ForgeClients
import HTTP

/// The first byte picks forge and event; the rest is the body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let first = bytes.first else { return 0 }
    let body = Array(bytes.dropFirst())
    let event = events[Int(first >> 1) % events.count]
    if first & 1 == 0 {
        _ = try? GitHubWebhookDialect().decode(event: event, body: body)
    } else {
        _ = try? GiteaWebhookDialect().decode(event: event, body: body)
    }
    return 0
}

private let events = [
    "ping", "pull_request", "installation", "installation_repositories", "check_run", "merge_group", "issue_comment", "workflow_run",
    "pull_request_comment", "pull_request_approved", "push",
]
