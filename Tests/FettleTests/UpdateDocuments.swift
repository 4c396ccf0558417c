import Glibc

/// Whether documents are to be written instead of compared.
enum UpdateDocuments {
    static let isWanted = getenv("UPDATE_DOCUMENTS") != nil
}
