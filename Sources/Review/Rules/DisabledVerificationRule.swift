import Basics

package struct DisabledVerificationRule: Rule {
    package let id = "disabled-verification"
    package let severity = Severity.high
    package let category = Category.security
    package let finds = "TLS certificate checks or signature checks switched off."
    package let why =
        "Without the check anybody on the way can answer in the other side's place, or hand in something that was never signed."
    package let fix = "Leave the check on; for a private authority give its certificate, for a test use one of its own."

    /// Written without blanks and in lower case. Source: each library's own documentation of the switch.
    private static let switches: [(text: String, what: String)] = [
        ("verify=false", "TLS certificates are not checked"), ("insecureskipverify:true", "TLS certificates are not checked"),
        ("rejectunauthorized:false", "TLS certificates are not checked"),
        ("node_tls_reject_unauthorized=0", "TLS certificates are not checked"),
        ("node_tls_reject_unauthorized=\"0\"", "TLS certificates are not checked"),
        ("node_tls_reject_unauthorized='0'", "TLS certificates are not checked"),
        ("node_tls_reject_unauthorized:\"0\"", "TLS certificates are not checked"),
        ("check_hostname=false", "host names in certificates are not checked"),
        ("ssl._create_unverified_context", "TLS certificates are not checked"), ("ssl.cert_none", "TLS certificates are not checked"),
        ("ssl_verify_none", "TLS certificates are not checked"), ("openssl::ssl::verify_none", "TLS certificates are not checked"),
        ("curlopt_ssl_verifypeer,0", "TLS certificates are not checked"),
        ("curlopt_ssl_verifypeer,false", "TLS certificates are not checked"),
        ("curlopt_ssl_verifyhost,0", "host names in certificates are not checked"),
        ("danger_accept_invalid_certs(true)", "TLS certificates are not checked"),
        ("servercertificatecustomvalidationcallback=(", "TLS certificates are checked by hand-written code"),
        ("trustallcerts", "every TLS certificate is trusted"), ("allowallhostnameverifier", "host names in certificates are not checked"),
        ("noophostnameverifier", "host names in certificates are not checked"), ("http.sslverify=false", "git does not check certificates"),
        ("git_ssl_no_verify=1", "git does not check certificates"), ("git_ssl_no_verify=true", "git does not check certificates"),
        ("stricthostkeychecking=no", "SSH host keys are not checked"), ("stricthostkeycheckingno", "SSH host keys are not checked"),
        ("ssh.insecureignorehostkey()", "SSH host keys are not checked"), ("autoaddpolicy()", "SSH host keys are not checked"),
        ("\"verify_signature\":false", "token signatures are not checked"),
        ("'verify_signature':false", "token signatures are not checked"),
        ("strict-ssl=false", "npm does not check certificates"), ("gpgcheck=0", "package signatures are not checked"),
        ("--no-gpg-check", "package signatures are not checked"), ("--allow-unauthenticated", "package signatures are not checked"),
        ("[trusted=yes]", "package signatures are not checked"), ("gosumdb=off", "module checksums are not checked"),
    ]

    package init() {}

    package func hits(in change: Change) -> [RuleHit] {
        var hits: [RuleHit] = []
        change.forEachAddedLine(where: Self.isCode) { line in
            let compact = NormalizedCode.line(line.text, .none).lowercased()
            if let what = Self.what(compact, text: line.text) { hits.append(RuleHit(line, title: "Here \(what)")) }
        }
        return hits
    }

    private static func isCode(_ file: Change.File) -> Bool {
        let kind = PathKind(file.path)
        // Tests talk to servers of their own, with certificates of their own.
        return kind != .documentation && kind != .test && !kind.isLeftOut
    }

    static func what(_ compact: String, text: String) -> String? {
        if compact.hasPrefix("//") || compact.hasPrefix("#") && !compact.hasPrefix("#!") || compact.hasPrefix("*") { return nil }
        if let found = switches.first(where: { compact.contains($0.text) }) { return found.what }
        // `curl -k`, `curl -fsSkL`, `wget --no-check-certificate`
        let words = text.split { $0 == " " || $0 == "\t" || $0 == "\"" || $0 == "'" || $0 == "," }.map(String.init)
        if words.contains("--no-check-certificate") { return "wget does not check certificates" }
        guard let curl = words.firstIndex(where: { $0 == "curl" || $0.hasSuffix("/curl") }) else { return nil }
        let isInsecure = words[(curl + 1)...].contains { word in
            word == "--insecure"
                || word.hasPrefix("-") && !word.hasPrefix("--") && word.count <= 8 && word.dropFirst().allSatisfy(\.isLetter)
                    && word.contains("k")
        }
        return isInsecure ? "curl does not check certificates" : nil
    }
}
