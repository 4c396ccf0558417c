import Text

/// `publish-container.yml`: build, scan, publish with SBOM and provenance; the registry decides who we are there.
enum PublishRenderer {
    /// Empty without a Dockerfile in the root.
    static func blocks(for model: RepositoryModel, _ options: GenerationOptions) -> [ManagedBlock] {
        guard model.containerFiles.contains("Dockerfile") else { return [] }
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
