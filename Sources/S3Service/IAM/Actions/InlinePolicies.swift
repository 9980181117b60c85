import ObjectStore
import Policy
import S3Protocol

// The policies that users, groups and roles have of their own.

extension QueryAction {
    /// Puts a document on one, in place of the one of its name.
    ///
    /// [PutUserPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html) and its kin.
    static func putPolicy(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Put\(kind.title)Policy", on: { try $0.arn(of: kind) }) { call in
            let name = try call.form.name("PolicyName")
            let document = try call.document("PolicyDocument")
            let identity = try call.identity(kind)
            let new = PolicyAttachment.inline(name: name, document: document)
            try await call.directory.put(new, on: identity) { policies in
                let others = policies.compactMap { policy in
                    if case .inline(let other, let text) = policy, other != name {
                        text
                    } else {
                        nil
                    }
                }
                let weight = others.reduce(document.weight) { $0 + $1.weight }
                guard weight <= kind.longestPolicies else {
                    throw QueryError(
                        .limitExceeded,
                        "Maximum policy size of \(kind.longestPolicies) bytes exceeded for "
                            + "\(kind.rawValue) \(identity.name)"
                    )
                }
            }
            return nil
        }
    }

    /// Tells a document of one.
    ///
    /// [GetUserPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html) and its kin.
    static func getPolicy(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Get\(kind.title)Policy", on: { try $0.arn(of: kind) }) { call in
            let (identity, name, document) = try call.inline(kind)
            return { xml in
                xml.element(named: kind.parameter, identity.name)
                xml.element("PolicyName", name)
                xml.element("PolicyDocument", document: document)
            }
        }
    }

    /// Lists the names of the documents of one, in pages.
    ///
    /// [ListUserPolicies](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html) and its kin.
    static func listPolicies(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("List\(kind.title)Policies", on: { try $0.arn(of: kind) }) { call in
            let names = try call.identity(kind).policies.compactMap { policy in
                if case .inline(let name, _) = policy { name } else { nil }
            }
            let (page, marker) = try call.page(names, by: \.self)
            return { xml in
                xml.list("PolicyNames", page) { $0.text($1) }
                xml.page(marker)
            }
        }
    }

    /// Takes a document from one.
    ///
    /// [DeleteUserPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html) and its kin.
    static func deletePolicy(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Delete\(kind.title)Policy", on: { try $0.arn(of: kind) }) { call in
            let (identity, name, document) = try call.inline(kind)
            try await call.directory.remove(.inline(name: name, document: document), from: identity)
            return nil
        }
    }
}

extension QueryCall {
    /// The policy that the form names among an identity's own.
    fileprivate func inline(
        _ kind: ObjectStore.Identity.Kind
    ) throws -> (ObjectStore.Identity, name: String, document: String) {
        let wanted = try form.name("PolicyName")
        let identity = try identity(kind)
        for case .inline(let name, let document) in identity.policies where name == wanted {
            return (identity, name, document)
        }
        throw QueryError(
            .noSuchEntity,
            "The \(kind.rawValue) policy with name \(wanted) cannot be found."
        )
    }

    /// A policy of a user, a group or a role, which must be one.
    ///
    /// - Throws: ``QueryError`` with `MalformedPolicyDocument`.
    func document(_ name: String) throws(QueryError) -> String {
        let json = try form.required(name)
        do {
            _ = try PolicyDocument(json: json)
        } catch {
            throw QueryError(.malformedPolicy, error.description)
        }
        return json
    }
}
