import HTTP

/// Who can reach the server, and whether it could take a delivery.
struct DoorCheck: DoctorCheck {
    func diagnose(_ configuration: Configuration, with tools: DoctorTools) async -> [Diagnosis] {
        let listen = configuration.listen
        let reach =
            listen.isLoopback
            ? Diagnosis(
                "listen", .notice, "\(listen) is reached from this machine only",
                fix: "fine behind a proxy here; else set FETTLE_LISTEN=0.0.0.0:\(listen.port)")
            : Diagnosis("listen", .good, "\(listen)")
        return [reach] + Readiness(configuration).problems.map { Diagnosis("readiness", .bad, $0) }
            + Readiness.surprises(in: configuration).map { Diagnosis("readiness", .notice, $0) }
    }
}
