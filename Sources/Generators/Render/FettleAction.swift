/// Where this project's own container action is published.
enum FettleAction {
    static let repository = "fettle-dev/fettle"
}
