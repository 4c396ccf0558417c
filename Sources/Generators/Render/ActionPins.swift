/// Newest releases of the actions the templates use, and the commits their tags named, as of August 2026.
///
/// A tag can be moved; the commit cannot. Renew with the releases of the actions' own repositories.
package enum ActionPins {
    static let all: [String: (commit: String, tag: String)] = [
        "Swatinem/rust-cache": ("6323deb102c322ba6fcbdcafc7e3dddab59af2b6", "v2.9.2"),
        "actions/attest-build-provenance": ("a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32", "v4.1.0"),
        "actions/cache": ("27d5ce7f107fe9357f9df03efb73ab90386fccae", "v5.0.5"),
        "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
        "actions/create-github-app-token": ("1b10c78c7865c340bc4f6099eb2f838309f1e8c3", "v3.1.1"),
        "actions/dependency-review-action": ("2031cfc080254a8a887f58cffee85186f0e49e48", "v4.9.0"),
        "actions/deploy-pages": ("cd2ce8fcbc39b97be8ca5fce6e763baed58fa128", "v5.0.0"),
        "actions/download-artifact": ("3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c", "v8.0.1"),
        "actions/github-script": ("ed597411d8f924073f98dfc5c65a23a2325f34cd", "v8.0.0"),
        "actions/setup-dotnet": ("a98b56852c35b8e3190ac28c8c2271da59106c68", "v6.0.0"),
        "actions/setup-go": ("b7ad1dad31e06c5925ef5d2fc7ad053ef454303e", "v7.0.0"),
        "actions/setup-java": ("b6effb05e454b25005698d916606bdc6ffcbf961", "v5.7.0"),
        "actions/setup-node": ("820762786026740c76f36085b0efc47a31fe5020", "v7.0.0"),
        "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
        "actions/upload-artifact": ("bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", "v7.0.0"),
        "actions/upload-pages-artifact": ("fc324d3547104276b827a68afc52ff2a11cc49c9", "v5.0.0"),
        "anchore/sbom-action": ("e22c389904149dbc22b58101806040fa8d37a610", "v0.24.0"),
        "aquasecurity/trivy-action": ("ed142fd0673e97e23eac54620cfb913e5ce36c25", "v0.36.0"),
        "astral-sh/setup-uv": ("20cfd1bf945f4377ade1205e4dbc17946fc9a30d", "v10.0.1"),
        "codecov/codecov-action": ("671740ac38dd9b0130fbe1cec585b89eea48d3de", "v5.5.2"),
        "denoland/setup-deno": ("667a34cdef165d8d2b2e98dde39547c9daac7282", "v2.0.4"),
        "docker/build-push-action": ("53b7df96c91f9c12dcc8a07bcb9ccacbed38856a", "v7.3.0"),
        "docker/login-action": ("4907a6ddec9925e35a0a9e82d7399ccc52663121", "v4.1.0"),
        "docker/metadata-action": ("dc802804100637a589fabce1cb79ff13a1411302", "v6.2.0"),
        "docker/setup-buildx-action": ("37fe631027851001ddb9b187196cc803df7f5f0e", "v4.3.0"),
        "docker/setup-qemu-action": ("96fe6ef7f33517b61c61be40b68a1882f3264fb8", "v4.2.0"),
        "erlef/setup-beam": ("54075bcc5e249e4758d363f27d099f55d843f124", "v1.24.1"),
        "github/codeql-action": ("8aad20d150bbac5944a9f9d289da16a4b0d87c1e", "v4.36.2"),
        "golangci/golangci-lint-action": ("ba0d7d2ec06a0ea1cb5fa41b2e4a3ab91d21278a", "v9.3.0"),
        "google-github-actions/auth": ("7c6bc770dae815cd3e89ee6cdf493a5fab2cc093", "v3.0.0"),
        "google-github-actions/deploy-cloudrun": ("2028e2d7d30a78c6910e0632e48dd561b064884d", "v3.0.1"),
        "google-github-actions/setup-gcloud": ("aa5489c8933f4cc7a4f7d45035b3b1440c9c10db", "v3.0.1"),
        "gradle/actions": ("9c971963bec38e04b3d30dcc455b5382be2fdbfb", "v6.3.0"),
        "hashicorp/setup-terraform": ("dfe3c3f87815947d99a8997f908cb6525fc44e9e", "v4.0.1"),
        "oven-sh/setup-bun": ("0c5077e51419868618aeaa5fe8019c62421857d6", "v2.2.0"),
        "pnpm/action-setup": ("fe02b34f77f8bc703788d5817da081398fad5dd2", "v4.0.0"),
        "ruby/setup-ruby": ("0dafeac902942906541bc140009cdbf32665b601", "v1.315.0"),
        "shivammathur/setup-php": ("f3e473d116dcccaddc5834248c87452386958240", "2.37.2"),
        "sigstore/cosign-installer": ("6f9f17788090df1f26f669e9d70d6ae9567deba6", "v4.1.2"),
        "step-security/harden-runner": ("b09bb98e06d4d774595224525879c09bc6e98c40", "v2.20.1"),
        "swift-actions/setup-swift": ("7ca6abe6b3b0e8b5421b88be48feee39cbf52c6a", "v2.4.0"),
        "zizmorcore/zizmor-action": ("f52a838cfabf134edcbaa7c8b3677dde20045018", "v0.1.1"),
    ]

    /// `owner/repo@commit # tag`; `nil` when the table does not have it.
    package static func reference(_ action: String) -> String? {
        // Actions in folders share their repository's tag.
        let repository = action.split(separator: "/").prefix(2).joined(separator: "/")
        return all[repository].map { "\(action)@\($0.commit) # \($0.tag)" }
    }
}
