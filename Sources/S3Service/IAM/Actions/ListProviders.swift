import S3Protocol

// Identity providers, of which there are none.

extension QueryAction {
    /// Lists the identity providers of OpenID Connect.
    ///
    /// [ListOpenIDConnectProviders](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html)
    static let listOpenIDConnectProviders = QueryAction(
        "ListOpenIDConnectProviders",
        on: { $0.arn("oidc-provider/*") }
    ) { _ in
        { xml in xml.element("OpenIDConnectProviderList") { _ in } }
    }

    /// Lists the identity providers of SAML.
    ///
    /// [ListSAMLProviders](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSAMLProviders.html)
    static let listSAMLProviders = QueryAction(
        "ListSAMLProviders",
        on: { $0.arn("saml-provider/*") }
    ) {
        _ in
        { xml in xml.element("SAMLProviderList") { _ in } }
    }
}
