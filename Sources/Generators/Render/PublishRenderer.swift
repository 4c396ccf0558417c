import Text

/// `publish-container.yml`: build, scan, publish with SBOM and provenance; the registry decides who we are there.
enum PublishRenderer {
    /// Why the image of the Dockerfile in the root is not for publishing, or cannot be built from a checkout.
    static func hindrance(_ model: RepositoryModel, _ reader: DetectionContext) -> String? {
        guard model.containerFiles.contains("Dockerfile"), let text = reader.text("Dockerfile"), !text.holds(ManagedText.begin) else {
            return nil
        }
        for path in model.workflowFiles {
            guard let workflow = reader.text(path), !workflow.holds(ManagedText.begin) else { continue }
            let marks = ["docker/build-push-action", "docker push ", "buildx build --push"]
            if let line = reader.line(in: path, where: { line in marks.contains(where: line.holds) }) {
                return "\(path):\(line.number) publishes an image already"
            }
        }
        let file = ContainerFile(parsing: Array(text.utf8))
        if file.works, !file.runs, file.copied.isEmpty {
            return "Dockerfile takes nothing of the repository and starts nothing: it is a place to work in"
        }
        if let missing = file.copied.first(where: { isMissing($0, reader) }) {
            return "Dockerfile copies '\(missing)', which a checkout does not have; build it first"
        }
        return nil
    }

    private static func isMissing(_ source: String, _ reader: DetectionContext) -> Bool {
        var path = source[...]
        while path.hasPrefix("./") || path.hasPrefix("/") { path = path.dropFirst(path.hasPrefix("/") ? 1 : 2) }
        if let mark = path.firstIndex(where: { "$*?[".contains($0) }) {
            path = path[..<mark]
            path = path.lastIndex(of: "/").map { path[..<$0] } ?? ""
        }
        while path.hasSuffix("/") { path = path.dropLast() }
        guard let top = path.split(separator: "/").first, path != "." else { return false }
        let ignored = reader.line(in: ".gitignore") { line in
            [top, "/" + top, top + "/", "/" + top + "/"].contains { line == $0 }
        }
        if ignored != nil { return true }
        // Folders that are not read may hold it.
        let isPassedOver = path.split(separator: "/").contains { RepositoryFolder.ignored.contains(String($0)) }
        if isPassedOver || reader.isLeftOut(String(path)) { return false }
        return !reader.has(String(path)) && reader.firstBelow(String(path), where: { _ in true }) == nil
    }

    /// Empty without a Dockerfile in the root.
    static func blocks(for model: RepositoryModel, _ options: GenerationOptions, _ reader: DetectionContext) -> [ManagedBlock] {
        guard model.containerFiles.contains("Dockerfile"), hindrance(model, reader) == nil else { return [] }
        let place = ["context": ".", "dockerfile": "Dockerfile"]
        let lines =
            options.target == .gitea
            ? Template.lines("publish-container-gitea.yml", place)
            : Template.lines(
                "publish-container.yml", place.merging(["image": image(options.registry)]) { a, _ in a },
                ["access": access(options.registry), "login": login(options.registry)])
        let block = ManagedBlock(name: "publish-container", margin: "", lines: ["# because: Dockerfile"] + lines)
        return UsesLines.rewrite([block], for: options)
    }

    private static func image(_ registry: GenerationOptions.Registry) -> String {
        switch registry {
        case .ghcr, .gitea: "ghcr.io/${{ github.repository }}"
        case .dockerhub: "docker.io/${{ vars.DOCKERHUB_REPOSITORY }}"
        case .artifactRegistry: "${{ vars.GOOGLE_REGISTRY_HOST }}/${{ vars.GOOGLE_IMAGE }}"
        case .ecr: "${{ vars.ECR_IMAGE }}"
        case .acr: "${{ vars.ACR_IMAGE }}"
        }
    }

    private static func access(_ registry: GenerationOptions.Registry) -> [String] {
        // Google, AWS and Azure take the job's own identity; no long-lived key is kept anywhere.
        let exchanges: Set<GenerationOptions.Registry> = [.artifactRegistry, .ecr, .acr]
        let identity = exchanges.contains(registry) ? "to log in at the registry and sign the provenance" : "to sign the provenance"
        var values = ["identity": identity]
        if registry == .ghcr || registry == .gitea { values["packages"] = "write" }
        let lines = Template.lines("publish-access.yml", values)
        // A long-lived secret belongs to an environment, where its use can be restricted.
        return registry == .dockerhub ? ["environment: container-registry"] + lines : lines
    }

    private static func login(_ registry: GenerationOptions.Registry) -> [String] {
        Template.lines("login-\(registry == .gitea ? "ghcr" : registry.rawValue).yml")
    }

    /// What the owner of the repository sets up once, a line each.
    static func settings(_ options: GenerationOptions) -> [String] {
        let target = options.target == .gitea ? .gitea : options.registry
        let names: [String] =
            switch target {
            case .ghcr: []
            case .gitea: ["secret REGISTRY_TOKEN: an access token that may write packages"]
            case .dockerhub:
                [
                    "variable DOCKERHUB_REPOSITORY: e.g. team/service", "variable DOCKERHUB_USERNAME",
                    "secret DOCKERHUB_TOKEN, in the environment container-registry",
                ]
            case .artifactRegistry:
                [
                    "variable GOOGLE_REGISTRY_HOST: e.g. europe-docker.pkg.dev", "variable GOOGLE_IMAGE: project/repository/name",
                    "variable GOOGLE_WORKLOAD_IDENTITY_PROVIDER", "variable GOOGLE_SERVICE_ACCOUNT",
                ]
            case .ecr:
                [
                    "variable ECR_IMAGE: ACCOUNT.dkr.ecr.REGION.amazonaws.com/name", "variable AWS_REGION",
                    "variable AWS_ROLE_ARN: a role that trusts this repository's identity",
                ]
            case .acr:
                [
                    "variable ACR_IMAGE: REGISTRY.azurecr.io/name", "variable AZURE_CLIENT_ID: an identity with a federated credential",
                    "variable AZURE_TENANT_ID",
                ]
            }
        return names.map { "publish-container.yml needs the \($0)" }
    }
}
