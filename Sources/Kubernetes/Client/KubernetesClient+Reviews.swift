package import Basics
import HTTP

/// Who a token belongs to, as the cluster says.
package struct TokenReviewVerdict: Sendable, Hashable {
    /// A service account and its namespace; `nil` for a person or a token nobody knows.
    package struct Account: Sendable, Hashable {
        package let namespace: ObjectName
        package let name: ObjectName
    }

    package let isAuthenticated: Bool
    package let account: Account?
}

extension KubernetesClient {
    /// Source: kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1
    package func review(_ token: Secret) async throws(ClusterError) -> TokenReviewVerdict {
        let body: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(token.reveal())],
        ]
        let call = ClusterCall(
            method: .post, path: "/apis/authentication.k8s.io/v1/tokenreviews", body: body.serialized(), subject: "token review")
        let review = try await read(TokenReviewWire.self, call)
        let isAuthenticated = review.status?.authenticated == true && review.status?.error == nil
        return TokenReviewVerdict(
            isAuthenticated: isAuthenticated, account: isAuthenticated ? Self.account(review.status?.user?.username) : nil)
    }

    /// `system:serviceaccount:NAMESPACE:NAME`
    private static func account(_ user: String?) -> TokenReviewVerdict.Account? {
        let parts = (user ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", let namespace = ObjectName(label: parts[2]),
            let name = ObjectName(parts[3])
        else { return nil }
        return TokenReviewVerdict.Account(namespace: namespace, name: name)
    }
}

private struct TokenReviewWire: Decodable {
    struct Status: Decodable {
        struct User: Decodable {
            let username: String?
        }

        let authenticated: Bool?
        let error: String?
        let user: User?
    }

    let status: Status?
}
