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
        "job.yml": #"""
        <<id>>:
          name: <<name>>
          runs-on: <<runner>>
          timeout-minutes: <<timeout>>
          permissions:
            contents: read # to check out the sources
          <<strategy>>
          <<defaults>>
          steps:
            <<steps>>

        """#,
        "publish-container.yml": #"""
        name: Publish container

        on:
          push:
            tags: ['v*']

        permissions: {}

        concurrency:
          group: publish-container-${{ github.workflow }}-${{ github.ref }}
          cancel-in-progress: false

        jobs:
          publish:
            name: Build, scan and publish
            runs-on: ubuntu-24.04
            timeout-minutes: 60
            permissions:
              contents: read # to check out the sources
              packages: write # to push the image to GHCR
              id-token: write # to sign the provenance
              attestations: write # to store the provenance
            env:
              IMAGE: ghcr.io/${{ github.repository }}
            steps:
              - name: Check out
                uses: <<pin:actions/checkout>>
                with:
                  persist-credentials: false
              - name: Set up Buildx
                uses: <<pin:docker/setup-buildx-action>>
              - name: Log in to GHCR
                uses: <<pin:docker/login-action>>
                with:
                  registry: ghcr.io
                  username: ${{ github.actor }}
                  password: ${{ github.token }}
              - name: Name the image
                id: meta
                uses: <<pin:docker/metadata-action>>
                with:
                  images: ${{ env.IMAGE }}
                  tags: |
                    type=semver,pattern={{version}}
                    type=semver,pattern={{major}}.{{minor}}
              - name: Build for the scan
                uses: <<pin:docker/build-push-action>>
                with:
                  context: <<context>>
                  file: <<dockerfile>>
                  load: true
                  tags: candidate:scan
                  no-cache: true
              - name: Scan the image
                uses: <<pin:aquasecurity/trivy-action>>
                with:
                  image-ref: candidate:scan
                  severity: CRITICAL
                  ignore-unfixed: true
                  exit-code: '1'
              - name: Build and push
                id: push
                uses: <<pin:docker/build-push-action>>
                with:
                  context: <<context>>
                  file: <<dockerfile>>
                  push: true
                  sbom: true
                  provenance: mode=max
                  tags: ${{ steps.meta.outputs.tags }}
                  labels: ${{ steps.meta.outputs.labels }}
              - name: Attest the provenance
                uses: <<pin:actions/attest-build-provenance>>
                with:
                  subject-name: ${{ env.IMAGE }}
                  subject-digest: ${{ steps.push.outputs.digest }}
                  push-to-registry: true

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

        permissions: {}

        concurrency:
          group: <<group>>-${{ github.workflow }}-${{ github.ref }}
          cancel-in-progress: true

        jobs:

        """#,
    ]
}
