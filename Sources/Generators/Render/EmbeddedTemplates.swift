// swift-format-ignore-file
// Written by scripts/embed-templates from workflows-templates/; change the templates, not this file.

enum EmbeddedTemplates {
    static let all: [String: StaticString] = [
        "cache-rust.yml": #"""
        - name: Restore the cache
          uses: <<pin:Swatinem/rust-cache>>
          with:
            workspaces: <<path>>

        """#,
        "checkout.yml": #"""
        - name: Check out
          uses: <<pin:actions/checkout>>
          with:
            persist-credentials: false
            submodules: <<submodules>>

        """#,
        "coverage-upload.yml": #"""
        - name: Keep the coverage
          uses: <<pin:actions/upload-artifact>>
          with:
            name: <<name>>
            path: <<path>>
            if-no-files-found: error
            retention-days: 14

        """#,
        "dependabot-entry.yml": #"""
        - package-ecosystem: <<ecosystem>>
          directory: <<directory>>
          schedule:
            interval: weekly
          cooldown:
            default-days: 7
          groups:
            <<group>>:
              patterns: ['*']

        """#,
        "dependabot.yml": #"""
        version: 2

        updates:

        """#,
        "guards.yml": #"""
        permissions: {}

        concurrency:
          group: <<group>>-${{ github.workflow }}-${{ github.ref }}
          cancel-in-progress: <<cancel>>

        """#,
        "job-limits.yml": #"""
        timeout-minutes: <<timeout>>
        permissions:
          contents: read # to check out the sources

        """#,
        "job-review.yml": #"""
        <<id>>:
          name: Review
          if: github.event_name == 'pull_request'
          runs-on: <<runner>>
          timeout-minutes: 20
          permissions:
            contents: read # to read the change
            pull-requests: write # to post the review
            checks: write # to report its state
          steps:
            - name: Review the pull request
              uses: <<action>>
              with:
                command: review

        """#,
        "job.yml": #"""
        <<id>>:
          name: <<name>>
          runs-on: <<runner>>
          <<limits>>
          <<strategy>>
          <<defaults>>
          <<environment>>
          steps:
            <<steps>>

        """#,
        "login-acr.yml": #"""
        - name: Log in to ACR
          run: |
            token=$(curl --fail --silent --show-error --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
              "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | jq --raw-output .value)
            az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --federated-token "$token" --output none
            az acr login --name "${IMAGE%%.*}"
          shell: bash
          env:
            AZURE_CLIENT_ID: ${{ vars.AZURE_CLIENT_ID }}
            AZURE_TENANT_ID: ${{ vars.AZURE_TENANT_ID }}

        """#,
        "login-artifact-registry.yml": #"""
        - name: Exchange the job's identity
          id: google
          uses: <<pin:google-github-actions/auth>>
          with:
            token_format: access_token
            workload_identity_provider: ${{ vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER }}
            service_account: ${{ vars.GOOGLE_SERVICE_ACCOUNT }}
        - name: Log in to Artifact Registry
          uses: <<pin:docker/login-action>>
          with:
            registry: ${{ vars.GOOGLE_REGISTRY_HOST }}
            username: oauth2accesstoken
            password: ${{ steps.google.outputs.access_token }}

        """#,
        "login-dockerhub.yml": #"""
        - name: Log in to Docker Hub
          uses: <<pin:docker/login-action>>
          with:
            username: ${{ vars.DOCKERHUB_USERNAME }}
            password: ${{ secrets.DOCKERHUB_TOKEN }}

        """#,
        "login-ecr.yml": #"""
        - name: Log in to ECR
          run: |
            umask 077
            curl --fail --silent --show-error --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
              "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" | jq --raw-output .value >"$RUNNER_TEMP/aws-token"
            AWS_WEB_IDENTITY_TOKEN_FILE="$RUNNER_TEMP/aws-token" aws ecr get-login-password |
              docker login --username AWS --password-stdin "${IMAGE%%/*}"
            rm "$RUNNER_TEMP/aws-token"
          shell: bash
          env:
            AWS_REGION: ${{ vars.AWS_REGION }}
            AWS_ROLE_ARN: ${{ vars.AWS_ROLE_ARN }}
            AWS_ROLE_SESSION_NAME: publish-container

        """#,
        "login-ghcr.yml": #"""
        - name: Log in to GHCR
          uses: <<pin:docker/login-action>>
          with:
            registry: ghcr.io
            username: ${{ github.actor }}
            password: ${{ github.token }}

        """#,
        "publish-access.yml": #"""
        permissions:
          contents: read # to check out the sources
          packages: <<packages>> # to push the image to GHCR
          id-token: write # <<identity>>
          attestations: write # to store the provenance

        """#,
        "publish-container-gitea.yml": #"""
        name: Publish container

        on:
          push:
            tags: ['v*']

        jobs:
          publish:
            name: Build, scan and publish
            runs-on: ubuntu-24.04
            steps:
              - name: Check out
                uses: <<pin:actions/checkout>>
                with:
                  persist-credentials: false
              - name: Set up Buildx
                uses: <<pin:docker/setup-buildx-action>>
              - name: Name the registry
                id: registry
                run: echo "host=${SERVER#*://}" >>"$GITHUB_OUTPUT"
                env:
                  SERVER: ${{ github.server_url }}
              - name: Log in
                uses: <<pin:docker/login-action>>
                with:
                  registry: ${{ steps.registry.outputs.host }}
                  username: ${{ github.actor }}
                  password: ${{ secrets.REGISTRY_TOKEN }}
              - name: Name the image
                id: meta
                uses: <<pin:docker/metadata-action>>
                with:
                  images: ${{ steps.registry.outputs.host }}/${{ github.repository }}
                  tags: |
                    type=semver,pattern={{version}}
                    type=semver,pattern={{major}}.{{minor}}
              # Pushed without a tag: nobody pulls it before it was scanned, and what is scanned is what gets the tags.
              - name: Build
                id: build
                uses: <<pin:docker/build-push-action>>
                with:
                  context: <<context>>
                  file: <<dockerfile>>
                  outputs: type=image,name=${{ steps.registry.outputs.host }}/${{ github.repository }},push-by-digest=true,name-canonical=true,push=true
                  no-cache: true
                  sbom: true
                  provenance: mode=max
                  labels: ${{ steps.meta.outputs.labels }}
              - name: Scan the image
                uses: <<pin:aquasecurity/trivy-action>>
                with:
                  image-ref: ${{ steps.registry.outputs.host }}/${{ github.repository }}@${{ steps.build.outputs.digest }}
                  severity: CRITICAL
                  ignore-unfixed: true
                  exit-code: '1'
              - name: Tag what was scanned
                run: |
                  while IFS= read -r tag; do
                    docker buildx imagetools create --tag "$tag" "$IMAGE@$DIGEST"
                  done <<<"$TAGS"
                shell: bash
                env:
                  IMAGE: ${{ steps.registry.outputs.host }}/${{ github.repository }}
                  DIGEST: ${{ steps.build.outputs.digest }}
                  TAGS: ${{ steps.meta.outputs.tags }}

        """#,
        "publish-container.yml": #"""
        name: Publish container

        on:
          push:
            tags: ['v*']
          workflow_call:

        permissions: {}

        concurrency:
          group: publish-container-${{ github.workflow }}-${{ github.ref }}
          cancel-in-progress: false

        jobs:
          publish:
            name: Build, scan and publish
            runs-on: ubuntu-24.04
            timeout-minutes: 60
            <<access>>
            env:
              IMAGE: <<image>>
            steps:
              - name: Check out
                uses: <<pin:actions/checkout>>
                with:
                  persist-credentials: false
              - name: Set up Buildx
                uses: <<pin:docker/setup-buildx-action>>
              <<login>>
              - name: Name the image
                id: meta
                uses: <<pin:docker/metadata-action>>
                with:
                  images: ${{ env.IMAGE }}
                  tags: |
                    type=semver,pattern={{version}}
                    type=semver,pattern={{major}}.{{minor}}
              # Pushed without a tag: nobody pulls it before it was scanned, and what is scanned is what gets the tags.
              - name: Build
                id: build
                uses: <<pin:docker/build-push-action>>
                with:
                  context: <<context>>
                  file: <<dockerfile>>
                  outputs: type=image,name=${{ env.IMAGE }},push-by-digest=true,name-canonical=true,push=true
                  no-cache: true
                  sbom: true
                  provenance: mode=max
                  labels: ${{ steps.meta.outputs.labels }}
              - name: Scan the image
                uses: <<pin:aquasecurity/trivy-action>>
                with:
                  image-ref: ${{ env.IMAGE }}@${{ steps.build.outputs.digest }}
                  severity: CRITICAL
                  ignore-unfixed: true
                  exit-code: '1'
              - name: Tag what was scanned
                run: |
                  while IFS= read -r tag; do
                    docker buildx imagetools create --tag "$tag" "$IMAGE@$DIGEST"
                  done <<<"$TAGS"
                shell: bash
                env:
                  DIGEST: ${{ steps.build.outputs.digest }}
                  TAGS: ${{ steps.meta.outputs.tags }}
              - name: Attest the provenance
                uses: <<pin:actions/attest-build-provenance>>
                with:
                  subject-name: ${{ env.IMAGE }}
                  subject-digest: ${{ steps.build.outputs.digest }}
                  push-to-registry: true

        """#,
        "select-tests.yml": #"""
        - name: Select the tests that matter
          id: <<id>>
          if: github.event_name == 'pull_request'
          uses: <<action>>
          with:
            command: select_tests

        """#,
        "setup-beam.yml": #"""
        - name: Set up Elixir
          uses: <<pin:erlef/setup-beam>>
          with:
            otp-version: <<otp>>
            elixir-version: <<version>>
            version-file: <<version-file>>
            version-type: <<version-type>>

        """#,
        "setup-bun.yml": #"""
        - name: Set up Bun
          uses: <<pin:oven-sh/setup-bun>>
          with:
            bun-version: <<version>>
            bun-version-file: <<version-file>>

        """#,
        "setup-corepack.yml": #"""
        - name: Set up Yarn
          run: corepack enable

        """#,
        "setup-deno.yml": #"""
        - name: Set up Deno
          uses: <<pin:denoland/setup-deno>>
          with:
            deno-version: <<version>>
            deno-version-file: <<version-file>>

        """#,
        "setup-dotnet.yml": #"""
        - name: Set up .NET
          uses: <<pin:actions/setup-dotnet>>
          with:
            dotnet-version: <<version>>
              <<versions>>
            global-json-file: <<version-file>>

        """#,
        "setup-go.yml": #"""
        - name: Set up Go
          uses: <<pin:actions/setup-go>>
          with:
            go-version: <<version>>
            go-version-file: <<version-file>>
            cache-dependency-path: <<lock-file>>
            cache: <<no-cache>>

        """#,
        "setup-java.yml": #"""
        - name: Set up Java
          uses: <<pin:actions/setup-java>>
          with:
            distribution: temurin
            java-version: <<version>>
            java-version-file: <<version-file>>
            cache: <<cache>>

        """#,
        "setup-node.yml": #"""
        - name: Set up Node.js
          uses: <<pin:actions/setup-node>>
          with:
            node-version: <<version>>
            node-version-file: <<version-file>>
            cache: <<cache>>
            cache-dependency-path: <<lock-file>>
            package-manager-cache: <<no-cache>>

        """#,
        "setup-packages.yml": #"""
        - name: Install build tools
          run: <<command>>

        """#,
        "setup-php.yml": #"""
        - name: Set up PHP
          uses: <<pin:shivammathur/setup-php>>
          with:
            php-version: <<version>>
            php-version-file: <<version-file>>
            coverage: none

        """#,
        "setup-pnpm.yml": #"""
        - name: Set up pnpm
          uses: <<pin:pnpm/action-setup>>
          with:
            version: <<version>>
            package_json_file: <<package-file>>

        """#,
        "setup-python.yml": #"""
        - name: Set up Python
          uses: <<pin:actions/setup-python>>
          with:
            python-version: <<version>>
            python-version-file: <<version-file>>
            cache: <<cache>>
            cache-dependency-path: <<lock-file>>

        """#,
        "setup-ruby.yml": #"""
        - name: Set up Ruby
          uses: <<pin:ruby/setup-ruby>>
          with:
            ruby-version: <<version>>
            working-directory: <<path>>

        """#,
        "setup-rust.yml": #"""
        - name: Set up Rust
          run: <<command>>

        """#,
        "setup-swift.yml": #"""
        - name: Set up Swift
          uses: <<pin:swift-actions/setup-swift>>
          with:
            swift-version: <<version>>

        """#,
        "setup-uv.yml": #"""
        - name: Set up uv
          uses: <<pin:astral-sh/setup-uv>>
          with:
            python-version: <<version>>
            enable-cache: true
            cache-dependency-glob: <<lock-file>>

        """#,
        "workflow.yml": #"""
        name: <<name>>

        on:
          push:
            branches: [<<branch>>]
          pull_request:

        <<guards>>

        jobs:

        """#,
    ]
}
