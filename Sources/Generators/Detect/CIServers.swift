import Text

/// Servers that the job of the tests has beside it, and what that job is told.
enum CIServers {
    static func apply(_ job: CIJob, of test: ComponentCommand, to component: inout Component) {
        var needs: [ServiceNeed] = []
        var ports: [String: (inside: Int, outside: Int)] = [:]
        for server in job.servers {
            // Two cannot have the same port of one machine.
            guard let need = need(for: server, job),
                Set(need.plain?.outside ?? []).isDisjoint(with: needs.flatMap { $0.plain?.outside ?? [] })
            else { continue }
            needs.append(need)
            if let published = need.plain?.ports.first?.split(separator: ":").compactMap({ Int($0) }), published.count == 2 {
                ports[server.name] = (published[1], published[0])
            }
        }
        if !needs.isEmpty { component.services = needs }
        // A library's variables choose among the many ways its job is run.
        guard component.role.value == .application || !needs.isEmpty else { return }
        let own = job.commands.first { $0.because == test.because }?.environment ?? []
        var told: [EnvironmentVariable] = []
        for var variable in job.environment + own where !variable.value.isEmpty && SafeText.command(variable.value) {
            if job.isContainer {
                variable.value = ports.reduce(variable.value) { Services.seenFromRunner($0, $1.key, $1.value) }
            }
            told.removeAll { $0.name == variable.name }
            told.append(variable)
        }
        component.environment = told
    }

    private static func need(for server: CIServer, _ job: CIJob) -> ServiceNeed? {
        let kind = BackingServer.of(image: server.image.value)
        // A container reaches servers by their own ports, our runner by published ones.
        let ports = server.ports.isEmpty ? kind.map { ["\($0.port):\($0.port)"] } ?? [] : server.ports.compactMap(published)
        let plain = PlainServer(image: server.image.value, environment: server.environment, ports: ports)
        guard BackingServer.isPlain(plain), BackingServer.isName(server.name) else { return nil }
        return ServiceNeed(
            name: server.name, start: kind.map { $0.kind ?? $0.name } ?? server.name, because: server.image.because,
            health: kind?.health ?? [], plain: plain, isKnown: kind != nil)
    }

    /// `5432` alone would be published on any port.
    private static func published(_ text: String) -> String? {
        let parts = text.split(separator: "/").first?.split(separator: ":").map { Int($0) } ?? []
        guard let inside = parts.last ?? nil, let outside = parts.first ?? nil, parts.count <= 2 else { return nil }
        return "\(outside):\(inside)"
    }
}
