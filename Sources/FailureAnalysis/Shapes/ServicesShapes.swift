extension ErrorShape {
    /// git, Docker, Kubernetes, Helm, Terraform, Ansible, downloads, TLS, DNS, clouds, package managers of systems.
    /// Source: docs.docker.com; kubernetes.io; developer.hashicorp.com/terraform; curl.se; git-scm.com
    static let services: [ErrorShape] = [
        ErrorShape(
            "git.fatal", .cause,
            #"""
            ^(?:.*> )?fatal: |^error: (?:pathspec|Your local|failed to push|could not apply)|^CONFLICT \(\#
            |Automatic merge failed|could not read from remote|^remote: (?:error|fatal|Repository not found|Permission)
            """#,
            literals: [
                "fatal: ", "error: pathspec", "merge conflict", "conflict (", "automatic merge failed", "error: your local",
                "could not read from remote", "remote:",
            ], .paragraph, class: .infrastructure,
            like: "fatal: unable to access 'https://example.com/x.git/': Could not resolve host: example.com"),
        ErrorShape(
            "docker.error", .cause,
            #"""
            failed to solve|Error response from daemon|returned a non-zero code|manifest (?:unknown|for .* not found)\#
            |pull access denied|toomanyrequests|#\d+ ERROR:|ERROR: process "
            """#,
            literals: [
                "failed to solve", "error response from daemon", "returned a non-zero code", "manifest unknown", "manifest for",
                "pull access denied", "no space left", "toomanyrequests", "error: process",
            ],
            like: "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit code: 2"),
        ErrorShape(
            "docker.step", .detail, #"^\s*> \[.*\].*:$"#,
            literals: ["> ["], .line,
            like: " > [build 3/5] RUN make:"),
        ErrorShape(
            "disk.full", .cause, #"[Nn]o space left on device|[Dd]isk quota exceeded"#,
            literals: ["no space left", "disk quota exceeded"], .line, class: .infrastructure,
            like: "write error: No space left on device"),
        ErrorShape(
            "kube.error", .cause,
            #"""
            ImagePullBackOff|ErrImagePull|CrashLoopBackOff|CreateContainer\w*Error|FailedMount|FailedScheduling\#
            |Error from server|InvalidImageName|Back-off (?:pulling|restarting)
            """#,
            literals: [
                "imagepullbackoff", "errimagepull", "crashloopbackoff", "createcontainer", "failedmount", "failedscheduling",
                "error from server", "invalidimagename", "back-off",
            ], class: .infrastructure,
            like: "Warning  Failed  kubelet  Error: ErrImagePull"),
        ErrorShape(
            "terraform.error", .cause,
            #"""
            ^(?:│ )?Error: (?:Invalid|Missing|Unsupported|Reference|Failed|Error|No|Inconsistent|Unable|creating\#
            |Provider)|^\s*│ Error
            """#,
            literals: ["error: ", "│ error"], .section, class: .configuration,
            like: "│ Error: Invalid reference"),
        ErrorShape(
            "ansible.fatal", .cause, #"^(?:fatal|failed): \[[^\]]+\]"#,
            literals: ["fatal: [", "failed: ["],
            like: "fatal: [web1]: FAILED! => {\"changed\": false, \"msg\": \"nope\"}"),
        ErrorShape(
            "helm.error", .cause, #"^Error: (?:INSTALLATION|UPGRADE|install|release|chart|YAML)"#,
            literals: ["error: installation", "error: upgrade", "error: install", "upgrade failed"], .line, class: .configuration,
            like: "Error: UPGRADE FAILED: timed out waiting for the condition"),
        ErrorShape(
            "net.resolve", .cause,
            #"""
            [Cc]ould not resolve (?:host|proxy)|[Tt]emporary failure|ENOTFOUND|EAI_AGAIN|getaddrinfo\#
            |Name or service not known|UnknownHostException
            """#,
            literals: [
                "could not resolve", "name resolution", "enotfound", "eai_again", "getaddrinfo", "temporary failure",
                "name or service not known", "unknownhost",
            ], .line, class: .infrastructure,
            like: "curl: (6) Could not resolve host: example.com"),
        ErrorShape(
            "net.connect", .cause,
            #"""
            (?i)(?:connection (?:refused|reset|timed out|aborted|closed)|ECONN(?:REFUSED|RESET)|ETIMEDOUT\#
            |network is unreachable|failed to connect|handshake (?:fail|error)|socket hang up|broken pipe\#
            |max retries exceeded|remote end closed)
            """#,
            literals: [
                "connection refused", "connection reset", "connection timed", "econnrefused", "econnreset", "etimedout",
                "network is unreachable", "failed to connect", "connection aborted", "handshake", "socket hang up", "broken pipe",
                "connection error", "connecterror", "max retries exceeded", "remote end closed", "connection closed",
            ], .line, class: .infrastructure,
            like: "connect ECONNREFUSED 127.0.0.1:5432"),
        ErrorShape(
            "net.http", .cause,
            #"""
            (?i)(?:\bERROR [45]\d\d\b|HTTP error|http/\d(?:\.\d)? [45]\d\d|returned error: |\b404 not found\#
            |\b50[0234] (?:internal|bad|service|gateway)|\b429 too|status(?: code)?:? [45]\d\d|\[[45]\d\d\]\s+http\#
            |^\s*(?:\[✖\]|✖|×|\d+\.)?\s*\[?404\]?[: ])
            """#,
            literals: [
                "error 404", "error 5", "error 403", "http error", "http/1.1 5", "returned error: ", "404 not found", "503 service",
                "502 bad", "500 internal", "429 too", "status code 5", "status code 4", "status 5", "404:", "[404]", "[4", "[5", "504 ga",
                ": 404", " 404",
            ], .line, class: .infrastructure,
            like: "curl: (22) The requested URL returned error: 503"),
        ErrorShape(
            "curl.error", .cause,
            #"""
            ^curl: \([1-9]|^wget: (?:server|unable|can't|bad)|^(?:gzip|tar|xz|bzip2|unzip): .*(?:error|not in|unexpected\#
            |cannot|corrupt|Exiting)
            """#,
            literals: ["curl: (", "wget: ", "gzip: ", "tar: ", "unzip:"], .line, class: .infrastructure,
            like: "curl: (7) Failed to connect to example.com port 443"),
        ErrorShape(
            "tls.error", .cause,
            #"""
            (?i)(?:certificate (?:verify failed|has expired|problem|is not)|SSL(?:Error|_ERROR| error| routines)\#
            |unable to (?:get local issuer|verify)|self.signed certificate)
            """#,
            literals: ["certificate", "ssl"], .line, class: .infrastructure,
            like: "SSL certificate problem: certificate has expired"),
        ErrorShape(
            "apt.error", .cause,
            #"""
            ^E: |Unable to locate package|unmet dependencies|Hash Sum mismatch|dpkg: error|has no installation candidate
            """#,
            literals: [
                "e: ", "unable to locate package", "unmet dependencies", "hash sum mismatch", "dpkg: error", "no installation candidate",
                "w: failed",
            ], .line, class: .dependency,
            like: "E: Unable to locate package libfoo-dev"),
        ErrorShape(
            "brew.error", .cause,
            #"""
            ^Error: (?:No (?:available|such|similar|formula)|\S+ (?:has been|is not|\d+\S* is already)|An exception\#
            |undefined method|The `brew|Checksum|SHA256)
            """#,
            literals: ["error: ", "no available formula"], class: .dependency,
            like: "Error: No available formula with the name \"foo\""),
        ErrorShape(
            "cloud.error", .cause,
            #"""
            An error occurred \(\w+\)|RequestLimitExceeded|ThrottlingException|[Qq]uota .*exceeded|ExpiredToken\#
            |[Cc]ould not load credentials|credentials (?:could not|are (?:invalid|missing)|not found)
            """#,
            literals: [
                "an error occurred (", "requestlimitexceeded", "throttling", "quota", "expiredtoken", "could not load credentials",
                "credentials",
            ], .line, class: .infrastructure,
            like: "An error occurred (AccessDenied) when calling the PutObject operation"),
        ErrorShape(
            "links.broken", .cause, #"Issues? :-\(|[Bb]roken links?|[Dd]ead links?|links failed|^\s*\[✖\]|ERROR: Detected"#,
            literals: ["issues :-(", "broken link", "dead link", "links failed", "links are dead", "[✖]", "✖", "dead links", "detected"],
            class: .lint,
            like: "Issues :-("),
        ErrorShape(
            "links.item", .cause, #"^\s*\d+\. \[L\d+\]|^> Links|^\s*\[L\d+\]"#,
            literals: ["links:", ". [l", "> links", "[l"], class: .lint,
            like: "  01. [L12] 404 https://example.com"),
    ]
}
