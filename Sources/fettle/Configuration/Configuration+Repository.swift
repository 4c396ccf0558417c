extension Configuration {
    /// The configuration of a command that works inside somebody's repository: the environment, and the file that `FETTLE_CONFIG` names.
    ///
    /// A `fettle.yml` that merely lies in the working directory is not read: there it is a part of the change under review, and could send
    /// the model's key to an address of its author's.
    static func loadOutsideRepository(environment: [String: String]) throws -> Configuration {
        var environment = environment
        if environment["FETTLE_CONFIG"] == nil { environment["FETTLE_CONFIG"] = "/dev/null" }
        return try load(environment: environment)
    }
}
