import Basics
import Kubernetes
import Previews

/// Settings of previews in a cluster.
extension ConfigurationReader {
    mutating func previewKubernetes(_ domain: PreviewDomain?) -> KubernetesDriver.Settings? {
        let text = settings.text(.previewImage) ?? PreviewImage.usual
        let image = PreviewImage(text)
        if image == nil { fault(.previewImage, "'\(text)' is no name of an image; write it as \(PreviewImage.usual)") }
        let place = settings.text(.previewIngressNamespace) ?? ""
        let namespace = ObjectName(label: place)
        if namespace == nil { fault(.previewIngressNamespace, "'\(place)' is no name of a namespace") }
        let (tls, grant, registries) = (previewTLS(), previewGrant(), previewRegistries())
        guard flag(.previewKubernetes) else { return nil }
        if domain == nil, settings[.previewDomain] == nil {
            fault(.previewKubernetes, "previews in a cluster need FETTLE_PREVIEW_DOMAIN too")
        }
        if settings.text(.kubeconfig) == nil, settings.text(.kubernetes) ?? "none" == "none" {
            fault(.previewKubernetes, "previews in a cluster need the cluster: set FETTLE_KUBERNETES=in-cluster or FETTLE_KUBECONFIG")
        }
        guard let image, let namespace else { return nil }
        var result = KubernetesDriver.Settings(
            image: image, ingressClass: nonEmpty(.previewIngressClass), ingressNamespace: namespace, tls: tls, grant: grant)
        result.registries = registries
        return result
    }

    private mutating func previewRegistries() -> Secret? {
        guard let text = secret(.previewRegistries) else { return nil }
        if let reason = PullSecret.fault(in: text.reveal()) { fault(.previewRegistries, reason) }
        return text
    }

    private mutating func previewTLS() -> KubernetesDriver.Settings.TLS {
        let text = nonEmpty(.previewTLS) ?? "none"
        switch text {
        case "none": return .none
        case "controller": return .controller
        default:
            if text.hasPrefix("issuer:"), let name = ObjectName(String(text.dropFirst("issuer:".count))) { return .issuer(name.text) }
            fault(.previewTLS, "'\(text)' is none of none, controller and issuer:NAME")
            return .none
        }
    }

    private mutating func previewGrant() -> KubernetesDriver.Settings.Grant? {
        guard let text = nonEmpty(.previewGrant) else { return nil }
        let names = text.split(separator: ":", omittingEmptySubsequences: false).map { ObjectName(String($0)) }
        if names.count == 3, let role = names[0], let namespace = names[1], let account = names[2] {
            return KubernetesDriver.Settings.Grant(role: role, accountNamespace: namespace, account: account)
        }
        fault(.previewGrant, "'\(text)' is not ROLE:NAMESPACE:ACCOUNT")
        return nil
    }
}
