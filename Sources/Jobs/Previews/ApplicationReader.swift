import Generators
import Previews

/// What a checkout shows of its application, by the generators' model and the Dockerfile of its image.
enum ApplicationReader {
    static func application(in checkout: String) -> PreviewApplication {
        guard let files = try? RepositoryFolder(checkout) else { return PreviewApplication() }
        let components = Detection.model(of: files).components
        // The one at the root, else the first; a library has nothing to look at.
        let component = components.first { $0.role.value == .application }
        let places = [component?.file("Dockerfile"), "Dockerfile", "Containerfile"].compactMap { $0 }
        let image = places.lazy.compactMap { files.bytes(of: $0) }.first.map { ContainerFile(parsing: $0) }
        let services = (component?.services ?? []).filter(\.isKnown).map { ($0.name, $0.start) }
        return PreviewApplication(
            port: image?.port ?? component?.port?.value, health: image?.health, user: image?.user,
            services: Dictionary(services) { first, _ in first })
    }
}
